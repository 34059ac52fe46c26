import type {DetectedAnswers, Detection, Tree} from '../../source/contract/detection.ts';
import {developmentServer, procfile} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {enumerate} from '../reading/evidence.ts';
import {textAt} from '../reading/toml.ts';
import {databaseOf, databaseQuestion, stateOf} from './detection/database.ts';
import {readScripts, readVariables, type ScriptFile} from './detection/environment.ts';
import {type Framework, readFramework} from './detection/frameworks.ts';
import {readNativePackages} from './detection/native.ts';
import {lockedNames, type Package, readManager, readNodeVersion, readPackage} from './detection/package.ts';
import {migrationsOf, processesOf} from './detection/processes.ts';
import {buildOf, entryOf, listensItself, type Start, startOf} from './detection/start.ts';
import {warningsOf} from './detection/warnings.ts';

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
