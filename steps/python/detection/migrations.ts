import type {Tree} from '../../../source/contract/detection.ts';
import {assignment, readPython} from '../../reading/python.ts';
import {textsIn} from '../../reading/tokens.ts';
import type {Django} from './django.ts';
import type {Entry, PythonFile} from './project.ts';
import {readTableCommand} from './tableCommand.ts';

/** How an app's database is brought to a version. */
export type Migrations = {
	readonly tool: 'flask-migrate' | 'alembic' | 'django' | 'aerich' | 'litestar' | 'command';
	readonly command: string;
	/** The folder of the migrations; none for Django, whose apps have one each. */
	readonly folder?: string;
	/** Ids of alembic's newest revisions: more than one can't be upgraded to. */
	readonly heads: readonly string[];
	readonly because: string;
};

/**
 * How the app's database is brought to a version, by a command that is run in the folder where the app is started.
 * @param names the packages that the app asks for
 */
export function readMigrations(
	tree: Tree,
	names: ReadonlySet<string>,
	django: Django | undefined,
	entry: Pick<Entry, 'target' | 'framework' | 'workingFolder'> | undefined,
	files: readonly PythonFile[],
): Migrations | undefined {
	if (django) {
		const manage = `python ${django.manage.split('/').at(-1)}`;
		return {tool: 'django', command: `${manage} migrate --noinput`, heads: [], because: `${django.manage} is Django’s`};
	}

	const folder = alembicFolder(tree);
	if (!folder) {
		if (names.has('aerich'))
			return {tool: 'aerich', command: 'aerich upgrade', heads: [], because: 'aerich is among the dependencies'};
		const ofFlask = entry?.framework === 'Flask' ? readTableCommand(files) : undefined;
		return ofFlask && {tool: 'command', heads: [], ...ofFlask};
	}

	const heads = headsOf(tree, folder);
	if (entry?.framework === 'Litestar' && names.has('advanced-alchemy') && !iniBeside(tree, folder))
		return {
			tool: 'litestar',
			command: `litestar --app ${entry.target.replace(/\(\)$/, '')} database upgrade --no-prompt`,
			folder,
			heads,
			because: `${folder}/ has the migrations of Advanced Alchemy`,
		};
	// Flask-Migrate keeps its alembic.ini in the folder, alembic by itself beside it.
	const isFlask = tree.has(`${folder}/alembic.ini`) || names.has('flask-migrate');
	const ini = iniBeside(tree, folder);
	const place = (path: string) => fromFolder(path, entry?.workingFolder ?? '');
	if (isFlask && !(ini && !names.has('flask-migrate')))
		return {
			tool: 'flask-migrate',
			command: place(folder) === 'migrations' ? 'flask db upgrade' : `flask db upgrade -d ${place(folder)}`,
			folder,
			heads,
			because: `${folder}/ has Flask-Migrate’s migrations`,
		};
	const flag = ini && place(ini) !== 'alembic.ini' ? ` -c ${place(ini)}` : '';
	return {
		tool: 'alembic',
		// Paths in its settings begin where it is run.
		command: flag.startsWith(' -c ../')
			? `cd ${flag.slice(' -c '.length).replace(/\/[^/]*$/, '')} && alembic upgrade head`
			: `alembic${flag} upgrade head`,
		folder,
		heads,
		because: `${ini ?? folder} is alembic’s`,
	};
}

/** alembic's own settings, outside of the folder of migrations. */
function iniBeside(tree: Tree, folder: string): string | undefined {
	return tree.paths.find(path => /(?:^|\/)alembic\.ini$/.test(path) && path !== `${folder}/alembic.ini`);
}

/** A path from another folder: 'src/alembic.ini' is 'alembic.ini' in 'src', and '../alembic.ini' leads out of it. */
function fromFolder(path: string, folder: string): string {
	if (folder === '') return path;
	return path.startsWith(`${folder}/`)
		? path.slice(folder.length + 1)
		: `${'../'.repeat(folder.split('/').length)}${path}`;
}

/** A folder with env.py or script.py.mako and versions/, or just versions/ with revisions. */
function alembicFolder(tree: Tree): string | undefined {
	const versions = tree.paths
		.filter(path => /(?:^|\/)versions\/[^/]+\.py$/.test(path))
		.map(path => path.slice(0, path.lastIndexOf('/versions/')));
	const folders = [...new Set(versions)]
		.filter(folder => folder !== '' && !/(?:^|\/)(?:tests?|examples?)(?:\/|$)/.test(folder))
		.sort((one, other) => one.length - other.length);
	const marked = folders.find(folder => tree.has(`${folder}/env.py`) || tree.has(`${folder}/script.py.mako`));
	if (marked) return marked;
	const bare = tree.paths.find(path => /(?:^|\/)(?:migrations|alembic)\/(?:env\.py|script\.py\.mako)$/.test(path));
	if (bare) return bare.slice(0, bare.lastIndexOf('/'));
	return folders.find(folder => /(?:^|\/)(?:migrations|alembic)$/.test(folder) && revisionsOf(tree, folder).length > 0);
}

type Revision = {readonly id: string; readonly after: readonly string[]; readonly path: string};

function revisionsOf(tree: Tree, folder: string): Revision[] {
	return tree.paths
		.filter(path => path.startsWith(`${folder}/versions/`) && path.endsWith('.py'))
		.flatMap((path): Revision[] => {
			const sets = readPython(tree.text(path) ?? '')
				.filter(({parent}) => parent === undefined)
				.flatMap(one => assignment(one) ?? []);
			const [id] = textsIn(sets.find(({name}) => name === 'revision')?.value ?? []);
			const after = textsIn(sets.find(({name}) => name === 'down_revision')?.value ?? []);
			const needs = textsIn(sets.find(({name}) => name === 'depends_on')?.value ?? []);
			return id === undefined ? [] : [{id, after: [...after, ...needs], path}];
		});
}

/** Revisions that no other follows: a branch of the history each. One that is named short counts. */
function headsOf(tree: Tree, folder: string): string[] {
	const revisions = revisionsOf(tree, folder);
	const followed = new Set(revisions.flatMap(({after}) => after));
	return revisions
		.filter(({id}) => !followed.has(id))
		.map(({id}) => id)
		.sort();
}
