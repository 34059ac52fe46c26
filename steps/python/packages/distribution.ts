/** Requirements whose Debian package is not simply called python3-NAME. */
const names: Readonly<Record<string, string>> = {
	'flask-wtf': 'python3-flaskext.wtf',
	'psycopg2-binary': 'python3-psycopg2',
	'python-dotenv': 'python3-dotenv',
	'python-dateutil': 'python3-dateutil',
	'python-slugify': 'python3-slugify',
	beautifulsoup4: 'python3-bs4',
	pillow: 'python3-pil',
	pyjwt: 'python3-jwt',
	pyyaml: 'python3-yaml',
	mysqlclient: 'python3-mysqldb',
	gunicorn: 'gunicorn',
};

/** The Debian package of a requirement ('Flask-SQLAlchemy>=3', 'psycopg[binary]' → 'python3-flask-sqlalchemy', 'python3-psycopg'); names are compared as PEP 503 has it. */
export function debianPackage(requirement: string): string {
	const [bare = ''] = requirement.split(/[\s[<>=!~;@]/);
	const name = bare.toLowerCase().replaceAll(/[-_.]+/g, '-');
	return names[name] ?? `python3-${name.replace(/^python-/, '')}`;
}
