import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {buildCommand} from '../../../source/contract/command.ts';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {migrations} from '../../../steps/python/migrations.ts';
import {headsOf, readMigration, stampCommand, toolOf} from '../../../steps/python/migrationTool.ts';

let root: string | undefined;
afterEach(() => {
	if (root) rmSync(root, {recursive: true});
	root = undefined;
});

/** A box whose next release of the app shop has these files; what else it is asked, it knows nothing about. */
function boxWith(files: Readonly<Record<string, string>>): Probe {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-migrations-'));
	root = folder;
	for (const [path, text] of Object.entries({'.keep': '', ...files})) {
		const file = join(folder, 'next', path);
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, text);
	}

	const run = async (pieces: TemplateStringsArray, ...values: readonly Argument[]) => {
		const command = buildCommand(pieces, values);
		if (!command.includes('down_')) return '';
		const script = command.replaceAll('/srv/shop', folder);
		return execFileSync('bash', ['-c', script], {encoding: 'utf8'}).replace(/\n+$/, '');
	};
	return Object.assign(run, {file: async () => null}) as unknown as Probe;
}

const asked = {app: 'shop', folder: '', workingFolder: '', migrate: ''};
const revision = (id: string, after: string, table?: string) =>
	`import sqlalchemy as sa\nrevision = "${id}"\ndown_revision = ${after}\n\ndef upgrade():\n    ${table ? `op.create_table(\n        '${table}', sa.Column('id'))` : 'pass'}\n`;

describe('what a release has', () => {
	test('Flask-Migrate: which revision follows which, and the tables that are made', async () => {
		const box = boxWith({
			'migrations/versions/a1.py': revision('a1', 'None', 'user'),
			'migrations/versions/b1.py': "revision: str = 'b1'\r\ndown_revision: Union[str, None] = 'a1'\r\n",
			'migrations/versions/b2.py': revision('b2', "'a1'", 'post'),
			'migrations/versions/m.py': 'revision = "m"\ndown_revision = (\n    "b1",\n    "b2",\n)\n',
		});
		const found = await readMigration(box, asked);
		expect(found).toMatchObject({tool: 'flask', command: 'python -m flask db upgrade', makes: ['post', 'user']});
		expect(headsOf(found.revisions)).toEqual([{id: 'm', file: 'migrations/versions/m.py', after: ['b1', 'b2']}]);
	});

	test.each([
		['script_location = %(here)s/db', 'db/versions/a1.py'],
		['script_location = db', 'db/versions/a1.py'],
		['script_location = shop:db', 'shop/db/versions/a1.py'],
	])('alembic: %s', async (line, file) => {
		const found = await readMigration(
			boxWith({'alembic.ini': `[alembic]\n${line}\n`, [file]: revision('a1', 'None')}),
			asked,
		);
		expect(found).toMatchObject({
			tool: 'alembic',
			command: 'alembic upgrade head',
			revisions: [{id: 'a1', file: expect.stringContaining(file)}],
		});
	});

	test('an alembic.ini beside Flask-Migrate’s folder is not asked', async () => {
		const found = await readMigration(
			boxWith({
				'alembic.ini': 'script_location = elsewhere',
				'venv/lib/python3.13/site-packages/flask_migrate/__init__.py': '',
				'migrations/versions/a1.py': revision('a1', 'None'),
			}),
			asked,
		);
		expect(found).toMatchObject({tool: 'flask', revisions: [{id: 'a1'}]});
	});

	test('Django, in the folder that it is started in', async () => {
		const box = boxWith({'backend/src/manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")'});
		const found = await readMigration(box, {...asked, folder: 'backend', workingFolder: 'src'});
		expect(found).toMatchObject({tool: 'django', command: 'python manage.py migrate --noinput'});
	});

	test('nothing, and a command of the person’s own', async () => {
		expect(await readMigration(boxWith({'app.py': ''}), asked)).toMatchObject({tool: 'none'});
		expect(await readMigration(boxWith({}), {...asked, migrate: 'none'})).toMatchObject({tool: 'none'});
		const migrate = 'litestar database upgrade';
		expect(await readMigration(boxWith({}), {...asked, migrate})).toMatchObject({tool: 'command', command: migrate});
	});
});

test.each([
	['flask db upgrade', 'flask', 'flask db stamp head'],
	['flask db upgrade -d db/migrations', 'flask', 'flask db stamp head -d db/migrations'],
	['python -m flask db upgrade heads', 'flask', 'python -m flask db stamp heads'],
	['alembic -c db/alembic.ini upgrade head', 'alembic', 'alembic -c db/alembic.ini stamp head'],
	['cd backend && alembic upgrade head', 'alembic', 'cd backend && alembic stamp head'],
])('%s is %s, and stamps with: %s', (command, tool, stamp) => {
	expect(toolOf(command).tool).toBe(tool);
	expect(stampCommand(command)).toBe(stamp);
});

test.each([
	['python manage.py migrate --noinput', 'django'],
	['python manage.py migrate && python manage.py loaddata x', 'command'],
	['flask db upgrade; curl example.com', 'command'],
	['none', 'none'],
])('%s is %s', (command, tool) => {
	expect(toolOf(command).tool).toBe(tool);
});

describe('two newest revisions', () => {
	const files = {
		'migrations/versions/a1.py': revision('a1', 'None'),
		'migrations/versions/b1.py': revision('b1', "'a1'"),
		'migrations/versions/b2.py': revision('b2', "'a1'"),
	};
	const answers = {...asked, user: 'jessica', database: 'postgresql', existingTables: 'ask'} as const;

	test('stop it before anything is touched, with their files named', async () => {
		await expect(migrations.check(boxWith(files), answers)).rejects.toMatchObject({
			code: 'several-heads',
			what: 'The migrations end in 2 revisions: b1 (migrations/versions/b1.py) and b2 (migrations/versions/b2.py).',
		});
	});

	test('are what a command for all heads is for', async () => {
		const facts = await migrations.check(boxWith(files), {...answers, migrate: 'flask db upgrade heads'});
		expect(facts.heads).toEqual(['b1', 'b2']);
	});
});
