/** A package that is pinned low, and one it leans on that is left free: the newest of that no longer fits. */
export const loosePairs: readonly {
	readonly pinned: string;
	readonly below: string;
	readonly free: string;
	readonly needs: string;
	readonly why: string;
}[] = [
	{
		pinned: 'flask',
		below: '2.2',
		free: 'werkzeug',
		needs: 'Werkzeug<3',
		why: 'Flask below 2.2 imports url_quote of Werkzeug, which Werkzeug 3 has not.',
	},
	{
		pinned: 'flask',
		below: '2',
		free: 'jinja2',
		needs: 'Jinja2<3.1',
		why: 'Flask 1 imports escape of Jinja2, which Jinja2 3.1 has not.',
	},
	{
		pinned: 'flask',
		below: '2',
		free: 'itsdangerous',
		needs: 'itsdangerous<2.1',
		why: 'Flask 1 imports json of itsdangerous, which itsdangerous 2.1 has not.',
	},
	{
		pinned: 'flask',
		below: '2',
		free: 'markupsafe',
		needs: 'MarkupSafe<2.1',
		why: 'What goes with Flask 1 imports soft_unicode of MarkupSafe, which MarkupSafe 2.1 has not.',
	},
	{
		pinned: 'jinja2',
		below: '3',
		free: 'markupsafe',
		needs: 'MarkupSafe<2.1',
		why: 'Jinja2 2 imports soft_unicode of MarkupSafe, which MarkupSafe 2.1 has not.',
	},
	{
		pinned: 'flask-sqlalchemy',
		below: '3',
		free: 'sqlalchemy',
		needs: 'SQLAlchemy<2',
		why: 'Flask-SQLAlchemy 2 does not work with SQLAlchemy 2.',
	},
	{
		pinned: 'flask-login',
		below: '0.6.3',
		free: 'werkzeug',
		needs: 'Werkzeug<3',
		why: 'Flask-Login below 0.6.3 imports url_decode of Werkzeug, which Werkzeug 3 has not.',
	},
	{
		pinned: 'flask-wtf',
		below: '1',
		free: 'werkzeug',
		needs: 'Werkzeug<3',
		why: 'Flask-WTF below 1 imports url_encode of Werkzeug, which Werkzeug 3 has not.',
	},
	{pinned: 'celery', below: '5.3', free: 'kombu', needs: 'kombu<5.3', why: 'Celery below 5.3 is for kombu below 5.3.'},
];
