import {dirname} from 'node:path';
import {z} from 'zod';
import {type Concern, defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble, type TroubleParts} from '../../source/contract/trouble.ts';
import {inApp} from '../app/inApp.ts';
import {pathsOf, readRelease} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {folder, migrate, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {dump} from '../services/database/dump.ts';
import {beginMigration, begunOf, endMigration, settledIn, settleMigration} from '../services/database/halfMigrated.ts';
import {ask} from '../services/database/query.ts';
import {headsOf, type Revision, readMigration, stampCommand, type Tool} from './migrationTool.ts';
import {readFit} from './schemaFit.ts';

/** Says, on the box, that the first migration of an empty database is at work, or was cut off. */
const begunEmptyOf = (app: string) => `/var/lib/boxwizard/apps/${app}/app/migrations/begun-empty`;

/** What says, in a release, which command has migrated for it. */
const mark = 'venv/migrated';

/** The database's tables, at the version the code wants. */
export const migrations = defineStep({
	id: 'app/migrations',
	title: 'Database tables',
	why: 'The tables are made, or changed to what this version of the code wants. What is in the database is saved to a file first.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({
		app: options.app,
		user: options.user,
		database: options.database,
		folder,
		workingFolder,
		migrate,
		existingTables: z.enum(['ask', 'stamp', 'upgrade']).default('ask').meta({
			title: 'Existing tables',
			description:
				'Tables that no migration has made: stamp takes them for the newest version, upgrade has the migrations run all the same. Rows stay.',
			detail: true,
			personal: true,
		}),
	}),
	// To save the file, and to look into it.
	packages: ({database}) => (database === 'sqlite' ? ['sqlite3'] : []),
	async check($, answers) {
		const {app, database} = answers;
		const [release, cutOff, begun, migration, found, ran] = await Promise.all([
			readRelease($, app),
			$`[ -e ${begunEmptyOf(app)} ] && echo yes`,
			$`[ -e ${begunOf(app)} ] && echo yes`,
			readMigration($, answers),
			ask($, database, app, ...(statements[database] ?? [])),
			$`cat ${pathsOf(app).next}/${mark} || { [ ! -e ${pathsOf(app).next} ] && cat ${pathsOf(app).current}/${mark}; }`,
		]);
		const lines = linesOf(found);
		const at = namedBy(lines, 'version ');
		const heads = headsOf(migration.revisions);
		const ids = heads.map(({id}) => id);
		if (ids.length > 1 && !isSame(ids, at) && !/\bheads\b/.test(migration.command)) throw severalHeads(heads);
		const known = namedBy(lines, 'table ');
		const asks = migration.tool === 'django' && ran !== migration.command && known.includes('django_migrations');
		return {
			release,
			cutOff: cutOff !== '',
			begun: begun !== '',
			tool: migration.tool,
			command: migration.command,
			heads: ids,
			known: migration.revisions.map(({id}) => id),
			at,
			tables: known,
			makes: migration.makes,
			ran,
			pending: !asks || !(await saysNothingPending($, release, answers)),
		};
	},
	done: (facts, answers) => !facts.begun && isMigrated(facts, answers),
	concern: (facts, answers) => (isMigrated(facts, answers) ? undefined : foundTables(facts, answers)),
	apply($, facts, answers) {
		const {release, tool, command, at, cutOff, tables} = facts;
		const {app, user, database} = answers;
		const note = ['runuser', '-u', user, '--', 'sh', '-c', 'printf "%s\\n" "$1" > "$0"', `${release}/${mark}`, command];
		if (!facts.pending) {
			$`${note}`;
			return;
		}

		const first = at.length === 0 && database === 'mysql' && hasRevisions(tool);
		if (facts.begun) $`bash -c ${settleMigration(app, 'ask')}`;
		const stamps = answers.existingTables === 'stamp' && unexplained(facts).length > 0;
		const holds = at.length > 0 || tables.length > 0;
		if (holds || (first && cutOff)) dump($, database, app);
		if (first && !stamps) beginFromNothing($, app, cutOff);
		if (holds) beginMigration($, answers);
		const inside = inApp(app, release, startFolder(release, answers));
		// What fails half-way is settled before anything else: the version that runs needs its tables.
		const settle = holds ? settleMigration(app, 'ask') : '';
		$`within 60 ${inside} /bin/sh -c ${stamps ? stampCommand(command) : command} || { code=$?; bash -c ${settle} || true; exit "$code"; }`;
		if (holds) endMigration($, answers);
		if (first || cutOff) $`rm -f ${begunEmptyOf(app)}`;
		$`${note}`;
	},
	fits: ($, answers, release) => readFit($, answers, release),
	explain: explainMigration,
	notUndone: 'Tables and their rows stay until the database itself is taken back.',
});

type Facts = {
	readonly release: string;
	readonly cutOff: boolean;
	/** An earlier migration of tables that were there was cut off, or failed half-way, and is not settled. */
	readonly begun: boolean;
	readonly tool: Tool;
	readonly command: string;
	readonly heads: readonly string[];
	readonly known: readonly string[];
	readonly at: readonly string[];
	readonly tables: readonly string[];
	readonly makes: readonly string[];
	/** The command that this release's database was brought to it with; '' where none was. */
	readonly ran: string;
	/** False where the tool itself says that there is nothing to do. */
	readonly pending: boolean;
};

type Answers = {
	readonly app: string;
	readonly database: string;
	readonly existingTables: 'ask' | 'stamp' | 'upgrade';
};

/** Django starts for it: asked once in a release, and only where it has migrated before. */
async function saysNothingPending(
	$: Probe,
	release: string,
	answers: Place & {readonly app: string},
): Promise<boolean> {
	const said =
		await $`timeout 60 ${inApp(answers.app, release, startFolder(release, answers))} python manage.py migrate --check > /dev/null 2>&1 && echo none`;
	return said === 'none';
}

/** What tells the tables of an app's database, a line 'table NAME' each, and then their versions, 'version ID': there may be no table of these. */
const statements: Readonly<Record<string, readonly string[]>> = {
	mysql: [
		"select concat('table ', table_name) from information_schema.tables where table_schema = database()",
		"select concat('version ', version_num) from alembic_version",
	],
	postgresql: [
		"select 'table ' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
		"select 'version ' || version_num from alembic_version",
	],
	sqlite: [
		"select 'table ' || name from sqlite_master where type = 'table'",
		"select 'version ' || version_num from alembic_version",
	],
};

const namedBy = (lines: readonly string[], word: string) =>
	lines.flatMap(line => (line.startsWith(word) ? line.slice(word.length) : []));
const linesOf = (text: string) =>
	text
		.split('\n')
		.filter(line => line !== '')
		.toSorted();
const isSame = (some: readonly string[], others: readonly string[]) => some.join(' ') === others.join(' ');
const hasRevisions = (tool: Tool) => tool === 'flask' || tool === 'alembic';

function isMigrated(facts: Facts, {app, database}: Answers): boolean {
	const {tool, heads, at, tables, ran, command} = facts;
	// An app that names its SQLite file itself has it where nobody looks: what was run for this release is known.
	const isElsewhere = database === 'sqlite' && tables.length === 0;
	switch (tool) {
		case 'none':
			return true;
		case 'flask':
		case 'alembic':
			if (heads.length === 0 || isSame(heads, at) || isAhead(facts, pathsOf(app).current)) return true;
			return isElsewhere && ran === command;
		case 'django':
			return ran === command && (isElsewhere || tables.includes('django_migrations'));
		case 'command':
			return ran === command;
		default:
			return tool satisfies never;
	}
}

/** The tables are newer than the code that is live: a version that was taken back left them so, and this code knows no way from there. */
function isAhead({release, known, at}: Facts, live: string): boolean {
	return release === live && at.some(id => !known.includes(id));
}

/**
 * Tables that migrations would make, and that are there before any has run. After a first migration that was cut off some are there:
 * all of them, where the app makes them itself as it is loaded.
 */
function unexplained({tool, at, tables, makes, cutOff}: Facts): string[] {
	if (!hasRevisions(tool) || at.length > 0) return [];
	const found = makes.filter(name => tables.includes(name));
	return cutOff && found.length < makes.length ? [] : found;
}

function foundTables(facts: Facts, {app, existingTables}: Answers): Concern | undefined {
	const found = unexplained(facts);
	if (found.length === 0 || existingTables !== 'ask') return undefined;
	const names = found.slice(0, 5).join(', ') + (found.length > 5 ? ` and ${found.length - 5} more` : '');
	return {
		option: 'existingTables',
		message: `The database of ${app} has tables that its migrations would make (${names}), and no note that a migration has run: the app makes them itself as it starts, or they came from before. stamp takes them for those of the newest version, which they should be; upgrade has all migrations run, which fails at the first table that is there. Either way the database is saved first, and no row is lost.`,
	};
}

/**
 * MySQL and MariaDB end a transaction at every change of a table: a first migration that a power cut breaks off leaves tables and no
 * version, and would stumble over them for ever. Where it began with nothing, it begins with nothing again.
 */
function beginFromNothing($: Hand, app: string, cutOff: boolean): void {
	if (cutOff) {
		const empty = `DROP DATABASE \`${app}\`; CREATE DATABASE \`${app}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`;
		$`mysql --execute ${empty}`;
	}

	const begunEmpty = begunEmptyOf(app);
	$`tables=$(mysql --batch --skip-column-names --execute 'show tables' ${app})
if [ -z "$tables" ]; then mkdir -p ${dirname(begunEmpty)}; : > ${begunEmpty}; fi`;
}

/** A migration has failed: what became of the tables comes first, then its own words. */
function explainMigration(log: readonly string[]): TroubleParts | undefined {
	const settled = settledIn(log);
	if (settled === undefined) return undefined;
	const evidence = log
		.filter(line => line.trim() !== '' && !line.startsWith('$ ') && !line.startsWith('Tables: '))
		.slice(-12);
	const next = 'Read its last lines below, mend the migration, commit and push, then deploy again.';
	switch (settled.how) {
		case 'same':
			return {
				what: 'The migration failed.',
				means:
					'The tables are as they were before: the database has taken back what it had done. The version before serves on.',
				next,
				evidence,
				code: 'migration-failed',
			};
		case 'restored':
			return {
				what: 'The migration failed half-way.',
				means: `Nobody had written since it began, so all tables were ${settled.line}: they are as before. The version before serves on.`,
				next,
				evidence,
				code: 'migration-failed',
			};
		case 'open':
			return {
				what: 'The migration failed half-way, and the tables stay as it left them.',
				means: `They were ${settled.line}. The version before serves on, with tables that may not fit it.`,
				next: 'Decide by the keys what becomes of them; boxwizard troubleshoot offers them too. Then mend the migration, commit and push, and deploy again.',
				evidence,
				code: 'half-migrated',
			};
		default:
			return settled.how satisfies never;
	}
}

function severalHeads(heads: readonly Revision[]): Trouble {
	return new Trouble({
		what: `The migrations end in ${heads.length} revisions: ${heads.map(({id, file}) => `${id} (${file})`).join(' and ')}.`,
		means:
			'They were made beside each other, and alembic can’t tell which comes last. The database was not touched, and what runs goes on.',
		next: 'On your machine: flask db merge heads (or alembic merge heads), commit and push. Then try again.',
		evidence: heads.map(({id, file, after}) => `${file}: ${id} follows ${after.join(', ') || 'nothing'}`),
		code: 'several-heads',
	});
}
