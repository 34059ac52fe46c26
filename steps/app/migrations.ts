import {z} from 'zod';
import {defineStep, type Probe} from '../../source/step.ts';
import {dump} from '../database/dump.ts';
import {ask} from '../database/query.ts';
import {options} from '../options.ts';
import {asApp, placesOf, readRelease} from './places.ts';

/** The database's tables, at the version the code wants. */
export const migrations = defineStep({
	id: 'app/migrations',
	title: 'Database tables',
	why: 'The tables are made, or changed to what this version of the code wants. What is in the database is saved to a file first.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({app: options.app, database: options.database}),
	async check($, {app, database}) {
		const [release, revisions, version] = await Promise.all([
			readRelease($, app),
			readRevisions($, app),
			ask($, database, app, 'select version_num from alembic_version'),
		]);
		return {
			release,
			heads: headsOf(revisions),
			known: idsOf(revisions, /^revision/),
			at: version
				.split('\n')
				.filter(line => line !== '')
				.toSorted(),
		};
	},
	done: (facts, {app}) =>
		facts.heads.length === 0 || facts.heads.join(' ') === facts.at.join(' ') || isAhead(facts, placesOf(app).current),
	apply($, {release, at}, {app, database}) {
		if (at.length > 0) dump($, database, app);
		$`${asApp(app, release)} venv/bin/python -m flask db upgrade`;
	},
	keeps: 'Tables and their rows stay until the database itself is taken back.',
});

/** The lines of all migrations that say which revision follows which: far faster than to start the app and ask Alembic. */
function readRevisions($: Probe, app: string): Promise<string> {
	const {current, next} = placesOf(app);
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
