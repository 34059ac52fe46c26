import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Changes} from '../boxes/samples.ts';

/** The app whose versions these are: a Flask app on MariaDB, the one that practice boxes have. */
export const flaskSample = {
	from: fileURLToPath(new URL('../../../source/practice/services/sample', import.meta.url)),
	titled: 'app/templates/index.html',
} as const;

/** A new version that must never be met by a visitor. */
export type BadVersion = {
	readonly name: string;
	readonly changes: Changes;
	/** What the plain output says of its cause. */
	readonly says: RegExp;
	/** What it only shows where the app starts its server itself, the box is short of something, or its database is another. */
	readonly where?: 'own server' | 'little memory' | 'full disk';
	/** It is well while it is tried: it may be live for some seconds, until the version before takes over again. */
	readonly isMet?: true;
	/** Bad only for as long as it may not take its time. */
	readonly isSlow?: true;
	/** It is one of those that every run of the road tries. */
	readonly isTelling?: true;
};

const original = (path: string) => readFileSync(`${flaskSample.from}/${path}`, 'utf8');

/** A file of the app with one place changed. @throws Error where the place is not there any more */
function edited(path: string, from: string, to: string): Changes {
	const text = original(path);
	if (!text.includes(from)) throw new Error(`${path} of the sample has no longer “${from}”`);
	return {[path]: text.replace(from, to)};
}

const firstPage = "@pages.get('/')\ndef index():\n";
const atStart = (lines: string): Changes => ({'microblog.py': `${lines}\n${original('microblog.py')}`});

/** How an app starts that brings its own server: by this file. */
export const ownServer = {
	start: 'sh serve.sh',
	changes: {'serve.sh': 'exec python -m gunicorn --bind "$HOST:$PORT" --workers 3 microblog:app\n'},
} as const;

export const badVersions: readonly BadVersion[] = [
	{
		name: '500 on the first page',
		changes: edited('app/pages.py', firstPage, `${firstPage}    raise RuntimeError('no posts today')\n`),
		says: /\b500\b[\s\S]*no posts today/,
		isTelling: true,
	},
	{
		name: '500 on the page behind its redirect',
		changes: edited(
			'app/pages.py',
			firstPage,
			`@pages.get('/welcome')\ndef welcome():\n    raise RuntimeError('nobody is welcome')\n\n\n${firstPage}    return redirect(url_for('pages.welcome'))\n`,
		),
		says: /\/welcome\b[\s\S]*\b500\b|\b500\b[\s\S]*\/welcome\b/,
		isTelling: true,
	},
	{
		name: 'hangs while it is imported',
		changes: atStart('import threading\n\nthreading.Event().wait()'),
		says: /hangs|still loading/,
	},
	{
		name: 'dies after 5 seconds',
		changes: atStart(
			'import os\nimport threading\n\ntimer = threading.Timer(5, os._exit, [1])\ntimer.daemon = True\ntimer.start()',
		),
		says: /does not stay up|ended some seconds after it had become live/,
		isMet: true,
		isTelling: true,
	},
	{
		name: 'a variable is missing',
		changes: edited('config.py', '\nclass Config:\n', "\nclass Config:\n    PAYMENT_KEY = os.environ['PAYMENT_KEY']\n"),
		says: /The variable PAYMENT_KEY is not set|PAYMENT_KEY[^\n]*\bno value/,
		isTelling: true,
	},
	{
		name: 'a package is missing',
		changes: edited('app/pages.py', 'import time\n', 'import time\n\nimport humanize\n'),
		says: /package “?humanize”? is missing/,
	},
	{
		name: 'a syntax error',
		changes: edited('app/pages.py', 'def index():', 'def index()'),
		says: /a fault that Python can’t read[\s\S]*pages\.py/,
	},
	{
		name: 'the entry has another name',
		changes: {'microblog.py': null, 'blog.py': original('microblog.py').replace('app =', 'site =')},
		says: /microblog[^\n]*\b(not found|is gone|missing|no module)|No module named '?microblog/i,
	},
	{
		name: 'a migration fails half-way',
		changes: {
			'migrations/versions/0002_likes.py': `"""Likes"""
import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade():
    op.add_column('post', sa.Column('likes', sa.Integer))
    op.create_table('fan', sa.Column('id', sa.Integer, primary_key=True))
    op.execute('insert into nowhere values (1)')


def downgrade():
    op.drop_table('fan')
    op.drop_column('post', 'likes')
`,
		},
		says: /nowhere/,
		isTelling: true,
	},
	{
		name: 'takes more memory than there is',
		changes: atStart("hoard = [b'x' * 2**24 for _ in range(256)]"),
		says: /memory/,
		where: 'little memory',
	},
	{
		name: 'starts slowly, in 40 seconds',
		changes: atStart('import time\n\ntime.sleep(40)'),
		says: /does not listen on port \d+ after 30 s[\s\S]*takes longer than it may[\s\S]*Time to start/,
		isSlow: true,
	},
	{
		name: 'the disk is full',
		changes: {},
		says: /disk[^\n]*\bfull|no (?:space|room)[^\n]*disk/i,
		where: 'full disk',
		isTelling: true,
	},
	{
		name: 'never listens',
		changes: {'serve.sh': 'exec sleep infinity\n'},
		says: /does not listen on port \d+ after/,
		where: 'own server',
	},
	{
		name: 'listens on the wrong port',
		changes: {'serve.sh': ownServer.changes['serve.sh'].replace('$PORT', '8999')},
		says: /listens on [^\n]*:8999\b/,
		where: 'own server',
		isTelling: true,
	},
];
