import type {DetectedAnswers, DetectedPackage, Detection, Tree, Warning} from '../../source/contract/detection.ts';
import {developmentServer, dockerCommand, procfile, statedProcesses, statedStarts} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {exampleReadings} from '../reading/dotenv-example.ts';
import {type Reading, variablesOf} from '../reading/variables.ts';
import {type Language, languages} from './languages.ts';

/** Knows apps that are none of the other kinds and still say how they start: by a Procfile, a language that is known, or a Dockerfile. */
export function detectCommand(tree: Tree): Detection | undefined {
	const language = languages.find(({mark}) => mark(tree) !== undefined);
	const mark = language?.mark(tree);
	const about = language?.about(tree) ?? {};
	const stated = statedStarts(tree).find(({process}) => process === 'web') ?? undefined;
	const docker = dockerCommand(tree.text('Dockerfile'));
	const isDockerOnly = !language && procfile(tree).length === 0 && tree.has('Dockerfile');
	const compose = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'].find(path =>
		tree.has(path),
	);
	if (!language && !stated && !isDockerOnly) return undefined;
	// Heroku has bin/ on its PATH.
	const isOwn = about.start !== undefined && `bin/${stated?.command}` === about.start;
	const start = stated && stated.where !== 'Dockerfile' && !isOwn ? stated.command : (about.start ?? docker);
	const release = procfile(tree).find(({process}) => process === 'release');
	const processes = statedProcesses(tree);
	const readings = [...(language ? readingsOf(tree, language) : []), ...exampleReadings(tree)];
	const variables = variablesOf(readings);
	const answers: DetectedAnswers = {
		...about,
		interface: 'http',
		...(start && {start}),
		...(mark && {dependencyFile: mark}),
		...(release && {release: release.command}),
		...databaseOf(
			tree,
			variables.map(({name}) => name),
		),
	};
	const packages: DetectedPackage[] = language
		? [
				...language.build.map(name => ({name, for: language.name, when: 'build' as const})),
				...(language.run ?? []).map(name => ({name, for: language.name, when: 'run' as const})),
			]
		: [];
	return {
		kind: 'command',
		folder: '',
		title: `${answers.framework ?? language?.name ?? (isDockerOnly ? 'Dockerfile' : 'Procfile')} app`,
		confidence: language
			? mark === 'Gemfile' && tree.has('_config.yml')
				? 20
				: stated?.where.startsWith('Procfile')
					? 82
					: start || language.name === 'PHP'
						? 64
						: 40
			: isDockerOnly
				? 20
				: 45,
		because: [
			...(mark && language ? [`${mark} is ${language.name}’s`] : []),
			...(stated ? [`${stated.where} says “${stated.command}”`] : []),
			...(about.version ? [`${about.versionFrom} asks for ${language?.name} ${about.version}`] : []),
			...(isDockerOnly ? ['a Dockerfile is there, and nothing else that is known'] : []),
		],
		answers,
		processes,
		variables,
		packages,
		warnings: [
			...warningsOf(start, stated?.where, isDockerOnly, compose),
			...committedWarnings(tree, answers.database),
		],
		questions: [],
	};
}

/** Lines that read a variable; comments of whole lines are left out. */
function readingsOf(tree: Tree, {sources, reads}: Language): Reading[] {
	const depth = (path: string) => path.split('/').length;
	return tree.paths
		.filter(
			path =>
				sources.test(path) &&
				!/(?:^|\/)(?:tests?|spec|vendor|examples?|node_modules|target)\/|_test\.go$|_spec\.rb$/.test(path),
		)
		.sort((one, other) => depth(one) - depth(other))
		.slice(0, 600)
		.flatMap(path =>
			(tree.text(path) ?? '').split('\n').flatMap((line, index): Reading[] => {
				if (line.length > 2000 || /^\s*(?:\/\/|#(?!\{)|\*|--)/.test(line)) return [];
				return reads.flatMap(({pattern, required}) =>
					[...line.matchAll(pattern)].map(match => ({
						name: match[1] ?? '',
						required: required === true || /,(?:required|notEmpty)/.test(match[0]),
						where: `${path}:${index + 1}`,
					})),
				);
			}),
		);
}

function databaseOf(tree: Tree, variables: readonly string[]): Pick<DetectedAnswers, 'database' | 'databaseVariable'> {
	const text = ['go.mod', 'Cargo.toml', 'Gemfile', 'composer.json', 'pom.xml', 'build.gradle', 'build.gradle.kts']
		.map(path => tree.text(path) ?? '')
		.join('\n')
		.replaceAll(/^.*\/\/ indirect$/gm, '');
	const engine =
		/jackc\/pgx|lib\/pq|gorm\.io\/driver\/postgres|gem ["']pg["']|tokio-postgres|"postgres"|postgresql/.test(text)
			? 'postgresql'
			: /go-sql-driver\/mysql|mysql2|mysql-connector|gorm\.io\/driver\/mysql/.test(text)
				? 'mysql'
				: /go-sqlite3|modernc\.org\/sqlite|sqlite3|rusqlite/.test(text)
					? 'sqlite'
					: /go\.mongodb\.org|["']mongo(?:db|id)?["']|mongodb-driver/.test(text)
						? 'mongodb'
						: undefined;
	const variable = variables.includes('DATABASE_URL') ? 'DATABASE_URL' : undefined;
	return {...(engine && {database: engine}), ...(engine && variable && {databaseVariable: variable})};
}

function warningsOf(
	start: string | undefined,
	where: string | undefined,
	isDockerOnly: boolean,
	compose: string | undefined,
): Warning[] {
	const server = start && developmentServer(start);
	return [
		...(server
			? [
					{
						code: 'development-server',
						severity: 'careful',
						what: `${where ?? 'The start command'} starts a development server: ${server}.`,
						means: 'It is not made for visitors.',
						next: 'Name the command for production.',
						evidence: [start],
					} satisfies Warning,
				]
			: []),
		...(start
			? []
			: [
					{
						code: 'no-start',
						severity: 'fails',
						what: 'Nothing says what starts the app.',
						means: 'boxwizard knows its language, and not its command.',
						next: 'Add a Procfile with the line web: COMMAND; the command has to listen on $PORT.',
					} satisfies Warning,
				]),
		...(isDockerOnly
			? [
					{
						code: 'docker-only',
						severity: 'careful',
						what: `Only a Dockerfile says how the app is made${compose ? `, and ${compose} what goes with it` : ''}.`,
						means: 'boxwizard sets apps up without Docker: what the Dockerfile installs has to be said to it.',
						next: 'Say the command that starts it, and what it needs of the distribution.',
					} satisfies Warning,
				]
			: []),
	];
}
