import type {
	DetectedAnswers,
	DetectedProcess,
	Detection,
	Mend,
	Tree,
	Warning,
} from '../../source/contract/detection.ts';
import {developmentServer, procfile, statedStarts} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {enumerate} from '../reading/evidence.ts';
import {is} from '../reading/tokens.ts';
import {textAt} from '../reading/toml.ts';
import {compareVersions} from '../reading/versions.ts';
import {readScripts, readVariables, type ScriptFile} from './detection/environment.ts';
import {type Framework, readFramework} from './detection/frameworks.ts';
import {readNativePackages} from './detection/native.ts';
import {
	lockedNames,
	type NodeManager,
	type Package,
	readManager,
	readNodeVersion,
	readPackage,
} from './detection/package.ts';

/** Knows Node apps: a package.json with something that listens. Sites that a build leaves as files are static ones. */
export function detectNode(tree: Tree): Detection | undefined {
	const found = readPackage(tree);
	if (!found) return undefined;
	const {manager, file, others, isLocked} = readManager(tree, found);
	const framework = readFramework(tree, found);
	const scripts = readScripts(tree);
	const start = startOf(tree, found, framework, manager);
	const listens = scripts.find(listensItself);
	const confidence = confidenceOf(found, framework, start, listens, tree);
	if (confidence === 0) return undefined;
	const version = readNodeVersion(tree, found);
	const names = Object.keys(found.dependencies);
	const variables = readVariables(tree, scripts);
	const database = databaseOf(
		tree,
		names,
		variables.map(({name}) => name),
	);
	const processes = processesOf(tree, found, manager);
	const migrate = migrationsOf(tree, found, manager);
	const build = buildOf(found, framework, manager);
	const entry = entryOf(tree, found, start?.command);
	const release = procfile(tree).find(({process}) => process === 'release');
	const answers: DetectedAnswers = {
		framework: framework?.name ?? 'Node',
		...(version && {version: version.asked, versionFrom: version.from}),
		manager,
		dependencyFile: file,
		interface: 'http',
		...(entry && {entry}),
		...(start && {start: start.command}),
		...(build && {build}),
		...(migrate && {migrate}),
		...(release && {release: release.command}),
		...database,
		...(names.some(name => /^(?:redis|ioredis|bull|bullmq|connect-redis|bee-queue|@keyv\/redis)$/.test(name)) && {
			redis: true,
		}),
		...(names.some(name => /elasticsearch|opensearch/.test(name)) && {search: true}),
		...stateOf(database.database, scripts),
	};
	return {
		kind: 'node',
		folder: '',
		title: `${framework?.name ?? 'Node'} app`,
		confidence,
		because: [
			`${framework ? `package.json names ${framework.name}` : 'package.json is there'}, ${isLocked ? `and ${file} is ${manager}’s` : 'and no lock file'}`,
			...(start ? [`${start.where} says “${start.said}”`] : listens ? [`${listens.path} listens by itself`] : []),
			...(version ? [`${version.from} asks for Node ${version.asked}`] : []),
			...(others.length > 0 ? [`${enumerate(others)} is there too, and was not taken`] : []),
		],
		answers,
		processes,
		variables,
		packages: readNativePackages(
			[...names, ...Object.keys(found.development).filter(name => name === 'node-sass')],
			lockedNames(tree, file),
		),
		warnings: [
			...warningsOf(tree, found, framework, start, version?.asked, isLocked, others, build, manager),
			...committedWarnings(tree, database.database),
		],
		questions: databaseQuestion(names, database.databaseDriver, database.database),
	};
}

type Start = {readonly command: string; readonly said: string; readonly where: string};
const runner = (manager: NodeManager, script: string) =>
	manager === 'npm'
		? script === 'start'
			? 'npm start'
			: `npm run ${script}`
		: manager === 'bun'
			? `bun run ${script}`
			: `${manager} ${script}`;

/** A Procfile's line, a script made for production, `start`, the framework's own command, or the file in "main". */
function startOf(
	tree: Tree,
	{scripts, table, dependencies}: Package,
	framework: Framework | undefined,
	manager: NodeManager,
): Start | undefined {
	const stated =
		procfile(tree).find(({process}) => process === 'web') ??
		statedStarts(tree).find(({process, where}) => process === 'web' && where !== 'Dockerfile');
	if (stated) return {command: stated.command, said: stated.command, where: stated.where};
	const production = ['start:prod', 'start:production', 'start-prod', 'prod', 'production', 'serve:prod'].find(
		name => name in scripts,
	);
	if (production)
		return {
			command: runner(manager, production),
			said: scripts[production] ?? '',
			where: `package.json’s ${production}`,
		};
	const start = scripts.start;
	if (start && !developmentServer(start))
		return {command: runner(manager, 'start'), said: start, where: 'package.json’s start'};
	if (framework?.start) return {command: framework.start, said: framework.start, where: framework.name};
	const main = [
		textAt(table, 'main'),
		'server.js',
		'app.js',
		'index.js',
		'src/server.js',
		'src/index.js',
		'src/app.js',
	].find(path => path !== undefined && tree.has(path));
	if (main && (framework?.makes === 'server' || Object.keys(dependencies).length > 0))
		return {
			command: `node ${main}`,
			said: main,
			where: main === textAt(table, 'main') ? 'package.json’s main' : 'the file',
		};
	return start ? {command: runner(manager, 'start'), said: start, where: 'package.json’s start'} : undefined;
}

/** server.listen(…), app.listen(…), Bun.serve(…) in a file of the app. */
function listensItself({tokens}: ScriptFile): boolean {
	return tokens.some(
		(token, at) =>
			is(token, '(') &&
			((is(tokens[at - 1], 'listen') && is(tokens[at - 2], '.')) ||
				(is(tokens[at - 1], 'serve') && (is(tokens[at - 2], '.') ? is(tokens[at - 3], 'Bun') : true))),
	);
}

function confidenceOf(
	{scripts, dependencies, table, workspaces}: Package,
	framework: Framework | undefined,
	start: Start | undefined,
	listens: ScriptFile | undefined,
	tree: Tree,
): number {
	if (framework?.makes === 'site') return listens && scripts.start && !developmentServer(scripts.start) ? 60 : 0;
	const isTop = workspaces.length > 0;
	if (framework) return isTop ? 55 : 85;
	if (listens && (start || scripts.start)) return isTop ? 45 : 75;
	// A package.json for tools or assets alone, beside another kind of app.
	if (start && Object.keys(dependencies).length > 0 && tree.paths.some(path => /\.[cm]?[jt]s$/.test(path)))
		return isTop ? 30 : 45;
	return textAt(table, 'main') && tree.has(textAt(table, 'main') ?? '') && listens ? 50 : 0;
}

/** The script `build`, else the framework's command; assets that are built after the install count as built. */
function buildOf({scripts}: Package, framework: Framework | undefined, manager: NodeManager): string | undefined {
	const script = ['build:prod', 'build:production', 'build'].find(name => name in scripts);
	if (script)
		return manager === 'npm'
			? `npm run ${script}`
			: manager === 'bun'
				? `bun run ${script}`
				: `${manager} run ${script}`;
	return framework?.build && `npx ${framework.build}`;
}

/** The file that the start command runs. */
function entryOf(tree: Tree, {table, scripts}: Package, command: string | undefined): string | undefined {
	const script = /^(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(\S+)$/.exec(command ?? '')?.[1];
	const first = script ? (scripts[script] ?? '') : (command ?? '');
	const next = /^(?:npm|yarn|pnpm)\s+run\s+([\w:-]+)$/.exec(first)?.[1];
	const line = next ? (scripts[next] ?? '') : first;
	const said = /(?:^|[\s&;])(?:node|tsx|ts-node|bun)\s+(?:-\S+\s+(?:[\w/@-]+\s+)?)*?([\w./-]+)(?:\s|$)/.exec(line)?.[1];
	if (said) return said.replace(/^\.\//, '');
	const main = textAt(table, 'main');
	return main && tree.has(main) ? main : undefined;
}

function processesOf(tree: Tree, {scripts, dependencies}: Package, manager: NodeManager): DetectedProcess[] {
	const stated = statedStarts(tree)
		.filter(({process, where}) => process !== 'web' && where !== 'Dockerfile')
		.map(
			({process, command, where}): DetectedProcess => ({
				name: process,
				role: process === 'release' ? 'release' : /cron|clock|schedul/i.test(process) ? 'scheduler' : 'worker',
				command,
				because: `${where} says so`,
			}),
		);
	if (stated.some(({role}) => role === 'worker')) return stated;
	const script = Object.keys(scripts).find(
		name =>
			/^(?:start:)?(?:worker|workers|queue|jobs|consumer)(?::(?:start|prod))?$/.test(name) &&
			!developmentServer(scripts[name] ?? ''),
	);
	const usesQueue = ['bull', 'bullmq', 'bee-queue', 'agenda', 'pg-boss', 'graphile-worker'].some(
		name => name in dependencies,
	);
	return script
		? [
				...stated,
				{
					name: 'worker',
					role: 'worker',
					command: manager === 'npm' ? `npm run ${script}` : `${manager} run ${script}`,
					because: `package.json has the script ${script}${usesQueue ? ', and a queue among its dependencies' : ''}`,
				},
			]
		: stated;
}

/** What brings the database up to date: a script made for it, else the tool's own command. */
function migrationsOf(
	tree: Tree,
	{scripts, dependencies, development}: Package,
	manager: NodeManager,
): string | undefined {
	const all = {...dependencies, ...development};
	const script = [
		'db:migrate:deploy',
		'migrate:deploy',
		'prisma:deploy',
		'db:deploy',
		'migrate:prod',
		'db:migrate:prod',
		'migration:run',
		'migrate:latest',
		'db:migrate',
		'migrate',
		'migrate:up',
	].find(name => scripts[name] && !/\bmigrate dev\b|generate\b/.test(scripts[name] ?? ''));
	if (script) return manager === 'npm' ? `npm run ${script}` : `${manager} run ${script}`;
	const schema = tree.paths.find(path => path.endsWith('schema.prisma'));
	if (schema && ('prisma' in all || '@prisma/client' in all)) {
		const hasMigrations = tree.paths.some(path => /(?:^|\/)migrations\/.*\.sql$/.test(path));
		const flag = schema === 'prisma/schema.prisma' || schema === 'schema.prisma' ? '' : ` --schema ${schema}`;
		return hasMigrations ? `npx prisma migrate deploy${flag}` : `npx prisma db push${flag}`;
	}

	if (tree.paths.some(path => /^drizzle\.config\./.test(path))) return 'npx drizzle-kit migrate';
	if (tree.paths.some(path => /^knexfile\./.test(path))) return 'npx knex migrate:latest';
	if (
		tree.has('.sequelizerc') ||
		('sequelize-cli' in all && tree.paths.some(path => /(?:^|\/)migrations\//.test(path)))
	)
		return 'npx sequelize-cli db:migrate';
	const source = tree.paths.find(path =>
		/(?:^|\/)(?:data-source|ormconfig|typeorm\.config|datasource)\.[jt]s$/.test(path),
	);
	if ('typeorm' in all && source && tree.paths.some(path => /(?:^|\/)migrations?\//.test(path)))
		return `npx typeorm migration:run -d ${source}`;
	if ('@mikro-orm/migrations' in all) return 'npx mikro-orm migration:up';
	if ('node-pg-migrate' in all) return 'npx node-pg-migrate up';
	if ('migrate-mongo' in all) return 'npx migrate-mongo up';
	return '@adonisjs/lucid' in all ? 'node ace migration:run --force' : undefined;
}

/** What talks to which database, by names on npm. */
const drivers: readonly (readonly [RegExp, NonNullable<DetectedAnswers['database']>])[] = [
	[/^(?:pg|postgres|pg-promise|pg-native|@neondatabase\/serverless|pg-pool|slonik)$/, 'postgresql'],
	[/^(?:mysql2?|mariadb|promise-mysql)$/, 'mysql'],
	[/^(?:mongoose|mongodb|connect-mongo|mongoist)$/, 'mongodb'],
	[/^(?:better-sqlite3|sqlite3|sqlite|@libsql\/client|sql\.js)$/, 'sqlite'],
];

function databaseOf(
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
function databaseQuestion(
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

function stateOf(database: string | undefined, scripts: readonly ScriptFile[]): Pick<DetectedAnswers, 'state'> {
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

const newestNode = 26;

function warningsOf(
	tree: Tree,
	found: Package,
	framework: Framework | undefined,
	start: Start | undefined,
	version: string | undefined,
	isLocked: boolean,
	others: readonly string[],
	build: string | undefined,
	manager: NodeManager,
): Warning[] {
	return [
		...startWarnings(found, framework, start, build),
		...versionWarnings(version),
		...(isLocked
			? []
			: [
					{
						code: 'no-lock-file',
						severity: 'careful',
						what: 'There is no lock file.',
						means: 'Each deploy takes whatever versions are newest that day, so what ran yesterday may not today.',
						next: `On your machine: ${manager} install, then commit the lock file that it writes.`,
						mend: {type: 'command', command: `${manager} install`},
					} satisfies Warning,
				]),
		...(others.length > 0
			? [
					{
						code: 'several-lock-files',
						severity: 'careful',
						what: `There are lock files of several managers: ${enumerate(others)} beside ${manager}’s.`,
						means: 'Only one of them is kept up to date.',
						next: `Delete the other: git rm ${others[0]}`,
						mend: {type: 'command', command: `git rm ${others[0]}`},
					} satisfies Warning,
				]
			: []),
		...moduleWarnings(tree, found),
		...husky(found),
	];
}

function startWarnings(
	{scripts}: Package,
	framework: Framework | undefined,
	start: Start | undefined,
	build: string | undefined,
): Warning[] {
	if (!start)
		return [
			{
				code: 'no-start',
				severity: 'fails',
				what: 'Nothing says what starts the app.',
				means: 'package.json has no start script, and no usual file such as server.js is there.',
				next: 'Add to the scripts of package.json: "start": "node FILE"',
			},
		];
	const server = developmentServer(start.said);
	if (server)
		return [
			{
				code: 'development-server',
				severity: 'careful',
				what: `${start.where} starts a development server: ${server}.`,
				means: 'It is slow, shows its insides to visitors, and needs packages that a box should not have.',
				next: framework?.start
					? `boxwizard starts it with “${framework.start}” instead.`
					: 'Name a start script for production: "start": "node FILE"',
				...(framework?.start && {mend: {type: 'answer', set: {start: framework.start}} satisfies Mend}),
				evidence: [`${start.where}: ${start.said}`],
			},
		];
	if (/\bpm2\b(?!-runtime)/.test(start.said))
		return [
			{
				code: 'pm2-start',
				severity: 'careful',
				what: `${start.where} starts pm2, which goes into the background.`,
				means: 'Whoever started it sees it end, and takes the app for dead.',
				next: 'boxwizard starts the file itself. In package.json: "start": "node FILE"',
				evidence: [`${start.where}: ${start.said}`],
			},
		];
	if (scripts.start && start.command !== 'npm start' && developmentServer(scripts.start))
		return [
			{
				code: 'development-server',
				severity: 'careful',
				what: `package.json’s start runs a development server: ${developmentServer(scripts.start)}.`,
				means: 'It was not taken.',
				next: `boxwizard builds the app${build ? ` (${build})` : ''} and starts it with “${start.command}”.`,
			},
		];
	return [];
}

function versionWarnings(asked: string | undefined): Warning[] {
	const lowest = /(\d+)(?:\.(\d+|x|\*))?/.exec(asked ?? '')?.[0];
	if (!asked || !lowest || /^(?:lts|latest|node|stable|current)/i.test(asked)) return [];
	const isExact = /^[v=~^]?\s*\d/.test(asked) && !/\|\||[<>]|-\s*\d/.test(asked);
	const major = Number.parseInt(lowest, 10);
	if (isExact && major < 18)
		return [
			{
				code: 'node-too-old',
				severity: compareVersions(lowest, '12') < 0 ? 'fails' : 'careful',
				what: `It asks for Node ${asked}.`,
				means:
					'That has had no security updates for years. Debian 12 has 18, Debian 13 has 20, and newer ones can be had.',
				next: 'Try it with Node 20 or newer, and raise the version that it asks for.',
			},
		];
	if (major <= newestNode) return [];
	return [
		{
			code: 'node-not-to-be-had',
			severity: 'fails',
			what: `It asks for Node ${asked}, which does not exist.`,
			means: 'No box can have it.',
			next: 'Name one that exists, such as 24.',
		},
	];
}

/** pm2 reads ecosystem.config.js by require. */
function moduleWarnings(tree: Tree, {isModule}: Package): Warning[] {
	if (!isModule || !tree.has('ecosystem.config.js')) return [];
	return [
		{
			code: 'ecosystem-module',
			severity: 'careful',
			what: 'ecosystem.config.js is read as an ES module, since package.json says "type": "module".',
			means: 'pm2 can’t load it so: “File ecosystem.config.js malformated”.',
			next: 'Rename it: git mv ecosystem.config.js ecosystem.config.cjs',
			mend: {type: 'command', command: 'git mv ecosystem.config.js ecosystem.config.cjs'},
			evidence: ['ecosystem.config.js'],
		},
	];
}

/** A `prepare` that calls a tool for development fails an install without those. */
function husky({scripts, dependencies, development}: Package): Warning[] {
	const hook = ['prepare', 'postinstall', 'preinstall'].find(name =>
		/^(?:npx\s+)?(?:husky|lefthook|simple-git-hooks|is-ci|patch-package|lint-staged)\b/.test(scripts[name] ?? ''),
	);
	const tool = hook && /(?:npx\s+)?([\w-]+)/.exec(scripts[hook] ?? '')?.[1];
	if (!hook || !tool || tool in dependencies || !(tool in development)) return [];
	return [
		{
			code: 'development-hook',
			severity: 'careful',
			what: `package.json’s ${hook} calls ${tool}, which is there for development alone.`,
			means: 'An install without the packages for development stops there: command not found, exit 127.',
			next: `boxwizard installs all of them, builds, and then takes those off, without ${hook}. Or write: "${hook}": "${scripts[hook]} || true"`,
			evidence: [`package.json: "${hook}": "${scripts[hook]}"`],
		},
	];
}
