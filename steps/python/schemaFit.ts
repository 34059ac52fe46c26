import type {Fit} from '../../source/contract/release.ts';
import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import type {Place} from '../folders/startFolder.ts';
import {startFolder} from '../folders/startFolder.ts';
import {judge} from '../schema/judge.ts';
import type {Engine, MigrationFile, MigrationTool} from '../schema/operation.ts';
import {wordsOf} from '../schema/words.ts';
import {ask} from '../services/database/query.ts';
import {readMigration, type Tool} from './migrationTool.ts';

/** Files of migrations that are read of a release, and bytes of each: an honest repository has far fewer. */
const mostFiles = 1500;
const mostBytes = 200_000;

/** A line each: a file that may say how tables change, by its path in the release, and its bytes in base64. Nothing of it runs. */
const list = `cd "$1" || exit
find . \\( -name venv -o -name node_modules -o -name .git \\) -prune -o -type f \\( -path '*migration*' -o -path '*/versions/*' -o -name '*.sql' -o -name schema.prisma \\) -size -${mostBytes}c -print 2> /dev/null | sort | head -n ${mostFiles} | while IFS= read -r file; do
	echo "$(printf %s "\${file#./}" | base64 -w 0) $(base64 -w 0 < "$file")"
done`;

type Answers = Place & {readonly app: string; readonly database: Engine; readonly migrate: string};

/** Whether the code of a release that lies on the box fits the tables as they are. @param release its name */
export async function readFit($: Probe, answers: Answers, release: string): Promise<Fit> {
	const {releases, current} = pathsOf(answers.app);
	const [migration, old, now, at] = await Promise.all([
		readMigration($, answers),
		readFiles($, startFolder(`${releases}/${release}`, answers)),
		readFiles($, startFolder(current, answers)),
		readApplied($, answers),
	]);
	return fitOf({tool: migration.tool, engine: answers.database, old, now, at});
}

async function readFiles($: Probe, folder: string): Promise<readonly MigrationFile[]> {
	return filesIn(await $`bash -c ${list} bash ${folder}`);
}

/** Pure. */
export function filesIn(answer: string): readonly MigrationFile[] {
	return answer.split('\n').flatMap(line => {
		const [, path, text] = /^([A-Za-z0-9+/=]+) ([A-Za-z0-9+/=]*)$/.exec(line) ?? [];
		if (path === undefined || text === undefined) return [];
		return [{path: decoded(path), text: decoded(text)}];
	});
}

const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf8');

/** Which migrations the database has, as alembic and Django write them down. */
async function readApplied($: Probe, {app, database}: Answers): Promise<readonly string[]> {
	const django = {
		mysql: "select concat(app, '.', name) from django_migrations",
		postgresql: "select app || '.' || name from django_migrations",
		sqlite: "select app || '.' || name from django_migrations",
	}[database];
	const answers = await Promise.all([
		ask($, database, app, 'select version_num from alembic_version'),
		ask($, database, app, django),
	]);
	return answers.flatMap(answer => answer.split('\n')).filter(line => line !== '');
}

/** What is compared: the files of a release of before, those of the live one, and which migrations the database has. */
export type Compared = {
	readonly tool: Tool;
	readonly engine: Engine;
	readonly old: readonly MigrationFile[];
	readonly now: readonly MigrationFile[];
	readonly at: readonly string[];
};

const tools: Readonly<Record<Tool, MigrationTool | undefined>> = {
	flask: 'alembic',
	alembic: 'alembic',
	django: 'django',
	command: undefined,
	none: undefined,
};

/** Pure. What can't be read for sure is never taken to fit. */
export function fitOf({tool, engine, old, now, at}: Compared): Fit {
	if (isSame(old, now)) return {verdict: 'fits', lines: []};
	const known = tools[tool];
	if (known === undefined) {
		if (tool === 'none') return {verdict: 'fits', lines: []};
		const line =
			'Its tables are changed by a command of its own, and its files differ: whether the older code fits them is not known.';
		return {verdict: 'dump', lines: [line]};
	}

	const releases = [
		{id: 'old', files: old},
		{id: 'live', files: now},
	];
	const judgement = judge({tool: known, engine, releases, to: 'old', ...(at.length > 0 && {now: at})});
	const {verdict, concerns, back, notices} = wordsOf(judgement);
	return {verdict: judgement.verdict, lines: [verdict, ...concerns, ...back, ...notices]};
}

function isSame(old: readonly MigrationFile[], now: readonly MigrationFile[]): boolean {
	const texts = new Map(now.map(({path, text}) => [path, text]));
	return old.length === now.length && old.every(({path, text}) => texts.get(path) === text);
}
