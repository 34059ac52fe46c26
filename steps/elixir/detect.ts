import type {DetectedAnswers, Detection, Tree, Warning} from '../../source/contract/detection.ts';
import {procfile} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {exampleReadings} from '../reading/dotenv-example.ts';
import {readElixir} from '../reading/elixir.ts';
import {closingOf, is, splitAt, type Token, textOf} from '../reading/tokens.ts';
import {type Reading, variablesOf} from '../reading/variables.ts';
import {compareVersions, meets} from '../reading/versions.ts';

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

type Project = {
	readonly app?: string;
	/** ':elixir' of the project: '~> 1.15'. */
	readonly elixir?: string;
	/** Names with the version that mix.lock holds, else '' or what mix.exs asks for. */
	readonly dependencies: ReadonlyMap<string, string>;
	readonly hasAssets: boolean;
	readonly isUmbrella: boolean;
};

function readProject(tree: Tree, tokens: readonly Token[]): Project {
	const keyed = (name: string) => tokens.findIndex((token, at) => is(token, name) && is(tokens[at + 1], ':'));
	const appAt = keyed('app');
	const app = tokens[appAt + 2]?.text.replace(/^:/, '');
	const elixir = textOf(tokens.slice(keyed('elixir') + 2, keyed('elixir') + 3));
	const dependencies = new Map<string, string>();
	for (const [at, token] of tokens.entries()) {
		// {:phoenix, "~> 1.7"}
		if (!is(token, '{') || !/^:[a-z]/.test(tokens[at + 1]?.text ?? '') || !is(tokens[at + 2], ',')) continue;
		const only = tokens
			.slice(at, closingOf(tokens, at))
			.findIndex((one, index, all) => is(one, 'only') && is(all[index + 1], ':'));
		if (only !== -1 && !tokens.slice(at + only, closingOf(tokens, at)).some(one => is(one, ':prod'))) continue;
		dependencies.set(tokens[at + 1]?.text.slice(1) ?? '', textOf(tokens.slice(at + 3, at + 4)) ?? '');
	}

	for (const [name, version] of lockedVersions(tree))
		if (dependencies.has(name) || tree.has('apps')) dependencies.set(name, version);
	const isUmbrella = keyed('apps_path') !== -1;
	if (isUmbrella) for (const [name, version] of lockedVersions(tree)) dependencies.set(name, version);
	return {
		...(appAt !== -1 && app && {app}),
		...(keyed('elixir') !== -1 && elixir !== undefined && {elixir}),
		dependencies,
		hasAssets: tokens.some(token => token.type === 'string' && token.text === 'assets.deploy'),
		isUmbrella,
	};
}

/** "phoenix": {:hex, :phoenix, "1.7.10", … */
function lockedVersions(tree: Tree): ReadonlyMap<string, string> {
	const lines = (tree.text('mix.lock') ?? '').matchAll(/^[ \t]*"(\w+)":\s*\{:hex,\s*:\w+,\s*"([^"]+)"/gm);
	return new Map([...lines].map(match => [match[1] ?? '', match[2] ?? '']));
}

/** Which Elixir each of these needs at least, from the changelogs of the packages. */
const needs: Readonly<Record<string, readonly (readonly [from: string, elixir: string])[]>> = {
	phoenix: [
		['1.8', '1.15'],
		['1.7', '1.11'],
	],
	phoenix_live_view: [
		['1.1', '1.15'],
		['1.0', '1.14.1'],
		['0.20', '1.13'],
	],
	phoenix_html: [['4.2', '1.12']],
	ecto: [
		['3.13', '1.14'],
		['3.12', '1.14'],
		['3.11', '1.11'],
	],
	ecto_sql: [
		['3.13', '1.14'],
		['3.12', '1.14'],
	],
	postgrex: [
		['0.20', '1.15'],
		['0.18', '1.13'],
	],
	bandit: [['1.0', '1.13']],
	oban: [
		['2.20', '1.15'],
		['2.18', '1.14'],
	],
	req: [['0.5', '1.14']],
	swoosh: [['1.17', '1.13']],
	gettext: [['0.26', '1.14']],
	tailwind: [['0.3', '1.14']],
	esbuild: [['0.9', '1.14']],
	ash: [['3.0', '1.14']],
	live_dashboard: [],
};

/** Elixirs of the distributions. */
const distributions: Readonly<Record<string, string>> = {
	'Ubuntu 22.04': '1.12',
	'Debian 12': '1.14',
	'Ubuntu 24.04': '1.14',
	'Debian 13': '1.18',
};

type Version = {readonly asked: string; readonly from: string};

/** What a file pins, else the highest that mix.exs and the dependencies of mix.lock ask for. */
function readElixirVersion(tree: Tree, {elixir, dependencies}: Project): Version | undefined {
	const pinned = /^elixir\s+(\d[\d.]*)/m.exec(tree.text('.tool-versions') ?? '')?.[1];
	if (pinned) return {asked: pinned, from: '.tool-versions'};
	const heroku = /^elixir_version=v?(\d[\d.]*)/m.exec(tree.text('elixir_buildpack.config') ?? '')?.[1];
	if (heroku) return {asked: heroku, from: 'elixir_buildpack.config'};
	const own = elixir === undefined ? undefined : {asked: elixir, from: 'mix.exs'};
	const ofDependencies = [...dependencies].flatMap(([name, version]) => {
		const lowest = /\d+(?:\.\d+)+/.exec(version)?.[0];
		const need = lowest && needs[name]?.find(([from]) => compareVersions(lowest, from) >= 0);
		return need ? [{asked: `>= ${need[1]}`, from: `${name} ${lowest}`}] : [];
	});
	const lowestOf = ({asked}: Version) => /\d+(?:\.\d+)*/.exec(asked)?.[0] ?? '0';
	const [highest] = ofDependencies.sort((one, other) => compareVersions(lowestOf(other), lowestOf(one)));
	return own && (!highest || compareVersions(lowestOf(own), lowestOf(highest)) >= 0) ? own : (highest ?? own);
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

/** System.fetch_env!("X"), System.get_env("X", "default"), `|| raise`, and Dotenvy's env!("X", :string). */
function readingsOf(tree: Tree): Reading[] {
	return tree.paths
		.filter(
			path =>
				/(?:^|\/)(?:config\/(?!test|dev)[^/]+\.exs|lib\/.*\.ex)$/.test(path) &&
				!/(?:^|\/)(?:deps|_build|test|node_modules)\//.test(path),
		)
		.slice(0, 600)
		.flatMap(path => readingsIn(path, readElixir(tree.text(path) ?? '')));
}

function readingsIn(path: string, tokens: readonly Token[]): Reading[] {
	const found: Reading[] = [];
	for (let at = 0; at < tokens.length; at += 1) {
		const isSystem =
			is(tokens[at], 'System') &&
			is(tokens[at + 1], '.') &&
			/^(?:get_env|fetch_env!?)$/.test(tokens[at + 2]?.text ?? '');
		const isDotenvy =
			(is(tokens[at], 'env!') || /^(?:get_env|get_var_from_path_or_env|fetch_env!)$/.test(tokens[at]?.text ?? '')) &&
			is(tokens[at + 1], '(') &&
			!is(tokens[at - 1], '.') &&
			!is(tokens[at - 1], 'def') &&
			!is(tokens[at - 1], 'defp');
		const open = isSystem ? at + 3 : at + 1;
		if ((!isSystem && !isDotenvy) || !is(tokens[open], '(')) continue;
		const end = closingOf(tokens, open);
		const parts = splitAt(tokens.slice(open + 1, end), ',');
		// Some helpers take the place that they look into first.
		const name = textOf(parts[0]) ?? (isDotenvy ? textOf(parts[1]) : undefined);
		if (name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
		const given = isSystem ? parts[1] : parts[2];
		const after = is(tokens[end + 1], '||') ? tokens[end + 2] : undefined;
		const raises = is(after, 'raise');
		const isStrict = tokens[isSystem ? at + 2 : at]?.text.endsWith('!') ?? false;
		const otherwise = textOf(given) ?? (after && !raises ? textOf([after]) : undefined);
		const hasDefault = given !== undefined || (after !== undefined && !raises);
		found.push({
			name,
			required: (isStrict || raises) && !hasDefault,
			where: `${path}:${tokens[at]?.line ?? 1}`,
			...(otherwise !== undefined && otherwise !== '' && {default: otherwise}),
		});
	}

	return found;
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

function warningsOf(
	tree: Tree,
	{dependencies, isUmbrella}: Project,
	version: Version | undefined,
	lacksReleaseModule: boolean,
	name: string,
): Warning[] {
	const lacking = version
		? Object.entries(distributions).filter(
				([, elixir]) => !meets(elixir, version.asked.replaceAll(' ', '').replace(/^(\d+\.\d+).*/, '>=$1')),
			)
		: [];
	const runtime = tree.text('config/runtime.exs');
	return [
		...(version && lacking.length > 0
			? [
					{
						code: 'elixir-too-new',
						severity: lacking.length === Object.keys(distributions).length ? 'fails' : 'careful',
						what: `${version.from} asks for Elixir ${version.asked}.`,
						means: `${lacking.map(([box, elixir]) => `${box} has ${elixir}`).join(', ')}: there it can’t be built.`,
						next:
							lacking.length === Object.keys(distributions).length
								? 'Build the release elsewhere, on the same distribution, or take an older version.'
								: 'Take a box with Debian 13, which has 1.18, or let a newer Elixir be installed there.',
						evidence: [`${version.from}: ${version.asked}`],
					} satisfies Warning,
				]
			: []),
		...(lacksReleaseModule && !isUmbrella
			? [
					{
						code: 'no-release-module',
						severity: 'careful',
						what: 'There is no module that migrates from a release.',
						means: 'A release has no mix, so “mix ecto.migrate” is not there to bring the database up to date.',
						next: 'On your machine: mix phx.gen.release, then commit and push. Until then the migrations run from the sources.',
						mend: {type: 'command', command: 'mix phx.gen.release'},
					} satisfies Warning,
				]
			: []),
		...(dependencies.has('phoenix') &&
		runtime !== undefined &&
		!/PHX_SERVER|server:\s*true/.test(runtime) &&
		!tree.paths.some(path => /rel\/overlays\/bin\/server$/.test(path))
			? [
					{
						code: 'no-server',
						severity: 'careful',
						what: 'Nothing in config/runtime.exs starts the web server in a release.',
						means: 'The release would run, and nothing would listen.',
						next: `Add: if System.get_env("PHX_SERVER"), do: config :${name}, YourEndpoint, server: true`,
					} satisfies Warning,
				]
			: []),
		...(dependencies.has('phoenix') && runtime === undefined
			? [
					{
						code: 'no-runtime-config',
						severity: 'careful',
						what: 'There is no config/runtime.exs.',
						means:
							'What config/prod.exs reads from variables is read as the release is built, and stays in it: the variables have to be there then, secrets too.',
						next: 'Move what reads variables into config/runtime.exs.',
					} satisfies Warning,
				]
			: []),
	];
}
