import type {DetectedAnswers, Detection, Tree} from '../../../source/contract/detection.ts';
import {is} from '../../reading/tokens.ts';
import type {ScriptFile} from './environment.ts';

/** What talks to which database, by names on npm. */
const drivers: readonly (readonly [RegExp, NonNullable<DetectedAnswers['database']>])[] = [
	[/^(?:pg|postgres|pg-promise|pg-native|@neondatabase\/serverless|pg-pool|slonik)$/, 'postgresql'],
	[/^(?:mysql2?|mariadb|promise-mysql)$/, 'mysql'],
	[/^(?:mongoose|mongodb|connect-mongo|mongoist)$/, 'mongodb'],
	[/^(?:better-sqlite3|sqlite3|sqlite|@libsql\/client|sql\.js)$/, 'sqlite'],
];

export function databaseOf(
	tree: Tree,
	names: readonly string[],
	variables: readonly string[],
): Pick<DetectedAnswers, 'database' | 'databaseDriver' | 'databaseVariable'> {
	const schema = tree.paths.find(path => path.endsWith('.prisma') && /datasource/.test(tree.text(path) ?? ''));
	const provider = schema && /datasource[\s\S]*?provider\s*=\s*"(\w+)"/.exec(tree.text(schema) ?? '')?.[1];
	const driver = drivers.flatMap(([pattern, engine]) =>
		names.filter(name => pattern.test(name)).map(name => ({name, engine})),
	)[0];
	const ofPrisma = (
		{
			postgresql: 'postgresql',
			postgres: 'postgresql',
			mysql: 'mysql',
			sqlite: 'sqlite',
			mongodb: 'mongodb',
			cockroachdb: 'postgresql',
		} as const
	)[provider ?? ''];
	const database = ofPrisma ?? driver?.engine;
	if (!database) return {};
	const variable =
		variables.find(name => name === 'DATABASE_URL') ??
		variables.find(name => /^(?!TEST|DEV)\w*(?:DATABASE|POSTGRES|MYSQL|MONGO|DB)\w*_?(?:URL|URI)$/.test(name));
	return {
		database,
		databaseDriver: ofPrisma ? 'prisma' : (driver?.name ?? ''),
		...(variable && {databaseVariable: variable}),
	};
}

/** Drivers of several servers: which of them it is set up with is a choice. */
export function databaseQuestion(
	names: readonly string[],
	driver: string | undefined,
	engine: string | undefined,
): Detection['questions'] {
	const engines = [...new Set(names.flatMap(name => drivers.find(([pattern]) => pattern.test(name))?.[1] ?? []))];
	if (driver === 'prisma' || engines.filter(engine => engine !== 'sqlite').length < 2) return [];
	return [
		{
			about: 'database',
			question: 'It can talk to several databases. Which one is it to have?',
			choices: [...engines].sort((one, other) => Number(other === engine) - Number(one === engine)),
		},
	];
}

export function stateOf(database: string | undefined, scripts: readonly ScriptFile[]): Pick<DetectedAnswers, 'state'> {
	const uploads = scripts.flatMap(({tokens}) =>
		tokens.flatMap((token, at) =>
			token.type === 'string' &&
			(is(tokens[at - 2], 'dest') || is(tokens[at - 2], 'uploadDir')) &&
			is(tokens[at - 1], ':')
				? [token.text]
				: [],
		),
	);
	const files =
		database === 'sqlite'
			? scripts.flatMap(({tokens}) =>
					tokens.flatMap(token =>
						token.type === 'string' && /^[\w./-]+\.(?:db|sqlite3?)$/.test(token.text) ? [token.text] : [],
					),
				)
			: [];
	const state = [...new Set([...uploads, ...files].map(path => path.replace(/^\.\//, '').replace(/\/$/, '')))].filter(
		path => path !== '' && !path.startsWith('/') && !path.startsWith('..') && !path.includes(':'),
	);
	return state.length > 0 ? {state: state.sort()} : {};
}
