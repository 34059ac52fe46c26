import {dirname} from 'node:path';
import {z} from 'zod';
import {defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {asApp, pathsOf, readRelease} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {dump} from '../services/database/dump.ts';
import {ask} from '../services/database/query.ts';

/** Says, on the box, that the first migration of an empty database is at work, or was cut off. */
const begunEmptyOf = (app: string) => `/var/lib/boxwizard/apps/${app}/app/migrations/begun-empty`;

/** The database's tables, at the version the code wants. */
export const migrations = defineStep({
	id: 'app/migrations',
	title: 'Database tables',
	why: 'The tables are made, or changed to what this version of the code wants. What is in the database is saved to a file first.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({app: options.app, database: options.database}),
	// To save the file, and to look into it.
	packages: ({database}) => (database === 'sqlite' ? ['sqlite3'] : []),
	async check($, {app, database}) {
		const [release, cutOff, revisions, version] = await Promise.all([
			readRelease($, app),
			$`[ -e ${begunEmptyOf(app)} ] && echo yes`,
			readRevisions($, app),
			ask($, database, app, 'select version_num from alembic_version'),
		]);
		return {
			release,
			cutOff: cutOff !== '',
			heads: headsOf(revisions),
			known: idsOf(revisions, /^revision/),
			at: version
				.split('\n')
				.filter(line => line !== '')
				.toSorted(),
		};
	},
	done: (facts, {app}) =>
		facts.heads.length === 0 || facts.heads.join(' ') === facts.at.join(' ') || isAhead(facts, pathsOf(app).current),
	apply($, {release, at, cutOff}, {app, database}) {
		const first = at.length === 0 && database === 'mysql';
		if (at.length > 0 || (first && cutOff)) dump($, database, app);
		if (first) beginFromNothing($, app, cutOff);
		$.within(60)`${asApp(app, release)} venv/bin/python -m flask db upgrade`;
		if (first || cutOff) $`rm -f ${begunEmptyOf(app)}`;
	},
	notUndone: 'Tables and their rows stay until the database itself is taken back.',
});

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

/** The lines of all migrations that say which revision follows which: far faster than to start the app and ask Alembic. */
function readRevisions($: Probe, app: string): Promise<string> {
	const {current, next} = pathsOf(app);
	return $`cd ${next} || cd ${current} || exit; grep -hE '^(down_)?revision *[:=]' migrations/versions/*.py`;
}

/** The tables are newer than the code that is live: a version that was taken back left them so, and this code knows no way from there. */
function isAhead(
	{release, known, at}: {release: string; known: readonly string[]; at: readonly string[]},
	live: string,
): boolean {
	return release === live && at.some(id => !known.includes(id));
}

/** Revisions that no other one builds on (Alembic: a merge names several before it). */
export function headsOf(lines: string): string[] {
	const before = new Set(idsOf(lines, /^down_revision/));
	return idsOf(lines, /^revision/)
		.filter(id => !before.has(id))
		.toSorted();
}

function idsOf(lines: string, pattern: RegExp): string[] {
	return lines
		.split('\n')
		.filter(line => pattern.test(line))
		.flatMap(line => [...line.slice(line.indexOf('=')).matchAll(/['"]([^'"]+)['"]/g)].map(match => match[1] ?? ''));
}
