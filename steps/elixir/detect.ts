import type {DetectedAnswers, Detection, Tree} from '../../source/contract/detection.ts';
import {procfile} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {exampleReadings} from '../reading/dotenv-example.ts';
import {readElixir} from '../reading/elixir.ts';
import {is} from '../reading/tokens.ts';
import {variablesOf} from '../reading/variables.ts';
import {readProject} from './detection/project.ts';
import {readingsOf} from './detection/variables.ts';
import {readElixirVersion} from './detection/version.ts';
import {warningsOf} from './detection/warnings.ts';

/** Knows Elixir projects by their mix.exs. */
export function detectElixir(tree: Tree): Detection | undefined {
	const text = tree.text('mix.exs');
	if (text === undefined) return undefined;
	const tokens = readElixir(text);
	if (!tokens.some((token, at) => is(token, 'Mix') && is(tokens[at + 1], '.') && is(tokens[at + 2], 'Project')))
		return undefined;
	const project = readProject(tree, tokens);
	const {dependencies, app, isUmbrella} = project;
	const isPhoenix = dependencies.has('phoenix') || isUmbrella;
	const version = readElixirVersion(tree, project);
	const variables = variablesOf([...readingsOf(tree), ...exampleReadings(tree)]);
	const database = databaseOf(dependencies);
	const release = procfile(tree).find(({process}) => process === 'release');
	const hasRepo = dependencies.has('ecto_sql') || dependencies.has('phoenix_ecto') || dependencies.has('ash_postgres');
	const releaseModule = tree.paths.find(path => /(?:^|\/)lib\/[^/]+\/release\.ex$/.test(path));
	const name = app ?? tree.name;
	const answers: DetectedAnswers = {
		framework: isPhoenix
			? 'Phoenix'
			: dependencies.has('bandit') || dependencies.has('plug_cowboy')
				? 'Plug'
				: 'Elixir',
		...(version && {version: version.asked, versionFrom: version.from}),
		manager: 'mix',
		dependencyFile: tree.has('mix.lock') ? 'mix.lock' : 'mix.exs',
		entry: name,
		interface: 'http',
		build: [
			'mix deps.get --only prod',
			'MIX_ENV=prod mix compile',
			...(project.hasAssets ? ['MIX_ENV=prod mix assets.deploy'] : []),
			'MIX_ENV=prod mix release',
		].join(' && '),
		start: tree.paths.some(path => /(?:^|\/)rel\/overlays\/bin\/server$/.test(path))
			? 'bin/server'
			: `bin/${name} start`,
		...(hasRepo && {
			migrate: tree.paths.some(path => /(?:^|\/)rel\/overlays\/bin\/migrate$/.test(path))
				? 'bin/migrate'
				: releaseModule
					? `bin/${name} eval "${moduleIn(tree, releaseModule)}.migrate"`
					: 'mix ecto.migrate',
		}),
		...(release && {release: release.command}),
		...(database && {database: database.engine, databaseDriver: database.driver}),
		...(database && variables.some(one => one.name === 'DATABASE_URL') && {databaseVariable: 'DATABASE_URL'}),
		...(['redix', 'exq'].some(one => dependencies.has(one)) && {redis: true}),
	};
	return {
		kind: 'elixir',
		folder: '',
		title: `${answers.framework} app`,
		confidence: isPhoenix || answers.framework === 'Plug' ? 92 : 65,
		because: [
			`mix.exs is of ${app ? `the project ${app}` : 'an umbrella project'}`,
			...(dependencies.has('phoenix')
				? [`it depends on Phoenix${dependencies.get('phoenix') ? ` ${dependencies.get('phoenix')}` : ''}`]
				: []),
			...(version ? [`${version.from} asks for Elixir ${version.asked}`] : []),
			...(database ? [`${database.driver} is among its dependencies (${database.engine})`] : []),
		],
		answers,
		processes: [],
		variables,
		packages: nativePackages(dependencies),
		warnings: [
			...warningsOf(tree, project, version, hasRepo && releaseModule === undefined, name),
			...committedWarnings(tree, database?.engine),
		],
		questions: [],
	};
}

function databaseOf(dependencies: ReadonlyMap<string, string>) {
	const drivers = {
		postgrex: 'postgresql',
		ash_postgres: 'postgresql',
		myxql: 'mysql',
		ecto_sqlite3: 'sqlite',
		exqlite: 'sqlite',
		mongodb_driver: 'mongodb',
	} as const;
	const driver = (Object.keys(drivers) as (keyof typeof drivers)[]).find(name => dependencies.has(name));
	return driver && {driver, engine: drivers[driver]};
}

function moduleIn(tree: Tree, path: string): string {
	return /defmodule\s+([\w.]+)/.exec(tree.text(path) ?? '')?.[1] ?? 'Release';
}

function nativePackages(dependencies: ReadonlyMap<string, string>): Detection['packages'] {
	const compiled = [
		'bcrypt_elixir',
		'argon2_elixir',
		'pbkdf2_elixir',
		'exqlite',
		'ecto_sqlite3',
		'comeonin',
		'appsignal',
		'jiffy',
		'fast_html',
		'cmark',
	].find(name => dependencies.has(name) && name !== 'pbkdf2_elixir');
	const image = ['image', 'vix', 'mogrify', 'thumbnex'].find(name => dependencies.has(name));
	return [
		...(compiled
			? [
					{name: 'build-essential', for: compiled, when: 'build' as const},
					{name: 'erlang-dev', for: compiled, when: 'build' as const},
				]
			: []),
		...(image === 'mogrify' ? [{name: 'imagemagick', for: image, when: 'run' as const}] : []),
	];
}
