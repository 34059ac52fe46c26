import {assignment, isClass, readPython} from '../../reading/python.ts';
import {splitAt, type Token, textOf} from '../../reading/tokens.ts';
import type {Engine, Migration, MigrationFile} from '../operation.ts';
import {unread} from '../operation.ts';
import {DjangoModels} from './djangoModels.ts';
import {type History, nameOf, readFiles} from './history.ts';

const isMigration = /(?:^|\/)[^/]+\/migrations\/(?!__init__)[^/]+\.py$/;

/** Django's: each app has a folder of them. What they do is only told once all before them are known: `fillDjango`. */
export function readDjango(files: readonly MigrationFile[]): History {
	const history = readFiles(
		files,
		path => isMigration.test(path),
		(path, text) => {
			const app = path.split('/').at(-3) ?? '';
			const values = valuesOf(text);
			// A helper may lie beside them.
			if (!values) return undefined;
			const pairs = [...pairsIn(values.get('dependencies')), ...pairsIn(values.get('run_before')).map(() => '')];
			return {
				id: `${app}.${nameOf(path).slice(0, -'.py'.length)}`,
				file: path,
				after: pairs.filter(id => id !== ''),
				replaces: pairsIn(values.get('replaces')),
				up: values.has('run_before') ? [unread('run_before')] : [],
				down: [],
				text,
			};
		},
	);
	return {...history, migrations: withinApps(history.migrations)};
}

const appOf = (id: string) => id.slice(0, id.indexOf('.'));

/** The apps that have migrations here: those of others come with packages. */
export function djangoApps(migrations: readonly Migration[]): ReadonlySet<string> {
	return new Set(migrations.map(({id}) => appOf(id)));
}

/** What comes from a package is not in the repository; an app's first and last have other words. */
function withinApps(migrations: readonly Migration[]): Migration[] {
	const apps = new Map<string, string[]>();
	for (const {id} of migrations) apps.set(appOf(id), [...(apps.get(appOf(id)) ?? []), id].toSorted());
	return migrations.map(one => ({
		...one,
		after: one.after.flatMap(id => {
			const ids = apps.get(appOf(id));
			if (!ids) return [];
			const named = id.endsWith('.__first__') ? ids[0] : id.endsWith('.__latest__') ? ids.at(-1) : id;
			return named === undefined || named === one.id ? [] : [named];
		}),
	}));
}

/** What `class Migration` sets; undefined where there is none. */
function valuesOf(text: string): ReadonlyMap<string, readonly Token[]> | undefined {
	const statements = readPython(text);
	const header = statements.find(
		one => one.parent === undefined && isClass(one) && one.tokens[1]?.text === 'Migration',
	);
	if (!header) return undefined;
	const values = new Map<string, readonly Token[]>();
	for (const statement of statements.filter(({parent}) => parent === header)) {
		const set = assignment(statement);
		const isUnclear = !set || values.has(set.name) || statement.tokens.some(({text}) => text === '+=');
		if (isUnclear) values.set('operations', []);
		else values.set(set.name, set.value);
	}

	return values;
}

/** `[('blog', '0001_initial')]` as 'blog.0001_initial'. */
function pairsIn(tokens: readonly Token[] | undefined): string[] {
	return splitAt(tokens?.slice(1, -1) ?? [], ',').flatMap(part => {
		const [app, name] = splitAt(part.slice(1, -1), ',').map(textOf);
		return app === undefined || name === undefined ? [] : [`${app}.${name}`];
	});
}

/** What each does, and how it is taken back. They are in their order. */
export function fillDjango(migrations: readonly Migration[], engine: Engine): Migration[] {
	const models = new DjangoModels(engine);
	return migrations.map(one => {
		if (one.text === undefined) return one;
		const operations = valuesOf(one.text)?.get('operations');
		const isList = operations?.[0]?.text === '[' && operations.at(-1)?.text === ']';
		if (!isList || !operations) return {...one, up: [unread('operations')], down: [unread('operations')]};
		const {up, down} = models.operations(operations, appOf(one.id), readPython(one.text));
		return {...one, up: [...one.up, ...up], down};
	});
}
