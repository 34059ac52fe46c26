import type {
	DetectedAnswers,
	DetectedVariable,
	Detection,
	OpenQuestion,
	Tree,
} from '../../source/contract/detection.ts';
import {procfile, statedStarts} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {enumerate} from '../reading/evidence.ts';
import {databaseScheme, readDatabase, readState} from './detection/database.ts';
import {readDatabaseFiles} from './detection/databaseFiles.ts';
import {packagesBeside} from './detection/dependencies/beside.ts';
import {type Dependencies, readDependencies} from './detection/dependencies/dependencies.ts';
import {importedPackages} from './detection/dependencies/dependencyWarnings.ts';
import {readPackages} from './detection/dependencies/packages.ts';
import {readVersion} from './detection/dependencies/version.ts';
import {type Django, readDjango} from './detection/django.ts';
import {ofConnexion} from './detection/entry/connexion.ts';
import {findEntries} from './detection/entry/entry.ts';
import {orderEntries, pasteSettings, withoutLack} from './detection/entry/frameworkEntries.ts';
import {ownServer} from './detection/entry/ownServer.ts';
import {flaskApps} from './detection/entry/statedEntries.ts';
import {frameworkOf} from './detection/framework.ts';
import {type Migrations, readMigrations} from './detection/migrations.ts';
import {inWorkingFolder, readProcesses} from './detection/processes.ts';
import {type Entry, type PythonFile, readPythonFiles} from './detection/project.ts';
import {usesRedis, usesSearch} from './detection/services.ts';
import {readStatics} from './detection/statics.ts';
import {readVariables} from './detection/variables/variables.ts';
import {pythonWarnings} from './detection/warnings.ts';
import {rqQueue} from './detection/workers.ts';

/** Knows Python apps: by the file that names their packages, and by what a server could load. */
export function detectPython(tree: Tree): Detection | undefined {
	const dependencies = readDependencies(tree);
	const files = readPythonFiles(tree);
	if (!dependencies && files.length === 0) return undefined;
	const django = readDjango(files);
	const entries = orderEntries(
		findEntries(tree, files).map(entry => ofConnexion(entry, dependencies?.requirements ?? [])),
		django,
		files,
	);
	const paste = pasteSettings(tree, entries[0]);
	const entry = paste ? withoutLack(entries[0]) : entries[0];
	const imports = dependencies ? [] : importedPackages(tree, files, entry).map(name => name.toLowerCase());
	const names = new Set([...(dependencies?.requirements.map(({name}) => name) ?? []), ...imports]);
	const own = entry || django ? undefined : ownServer(files);
	const start = paste ? `gunicorn --paste ${paste}` : (startOf(tree, entry) ?? own?.command);
	const version = readVersion(tree, dependencies?.requirements ?? []);
	const migrations = readMigrations(tree, names, django, entry, files);
	const read = readVariables(tree, files);
	const database = readDatabase(names, files, read);
	const variables = read.map(variable => withoutOtherEngine(variable, database.database));
	const framework = frameworkOf(entry, django, names);
	const processes = readProcesses(tree, files, names, django);
	const {because: databaseBecause, ...databaseAnswers} = database;
	const scheme = databaseScheme(database, names, files, django !== undefined);
	const release = procfile(tree).find(({process}) => process === 'release');
	const flaskApp =
		flaskApps(tree)[0]?.value ?? (framework === 'Flask' && entry ? entry.target.replace(/\(\)$/, '') : undefined);
	const queue = rqQueue(files);
	const state = [...new Set([...readState(tree, files, database), ...(django?.media ? [django.media] : [])])];
	const statics = django ? django.statics : readStatics(tree, files, entry?.workingFolder ?? '');
	const startedIn = django ? folderOf(django.manage) : (entry?.workingFolder ?? '');
	const databaseFiles = readDatabaseFiles(tree, files, startedIn).filter(
		path => !['instance', ...state].some(folder => path.startsWith(`${folder}/`)),
	);
	const beside = packagesBeside(dependencies?.requirements ?? []);
	const answers: DetectedAnswers = {
		...(framework && {framework}),
		...(version && version.fitting.length > 0 && {version: version.asked, versionFrom: version.from}),
		// Lists that are pip's are read by uv.
		...(dependencies && {
			manager: dependencies.manager === 'pip' ? 'uv' : dependencies.manager,
			dependencyFile: dependencies.file,
		}),
		...(beside.length > 0 && {extraPackages: beside}),
		...(entry && {entry: entry.target, interface: entry.interface}),
		...(entry?.workingFolder && {workingFolder: entry.workingFolder}),
		...(django?.settings && {settingsModule: django.settings}),
		...(flaskApp && !django && {flaskApp}),
		...(start !== undefined && {start}),
		...(!entry && own && {interface: 'http' as const}),
		...(django?.hasStaticRoot && {build: buildOf(django, names)}),
		...(migrations && {migrate: migrations.command}),
		...(release && {release: release.command}),
		...databaseAnswers,
		...(scheme && {databaseScheme: scheme}),
		...(usesRedis(
			names,
			processes.length,
			variables.map(({name}) => name),
		) && {redis: true}),
		...(usesSearch(names, files, variables) && {search: true}),
		...(queue && {queue}),
		...(statics.length > 0 && {statics}),
		...(state.length > 0 && {state}),
		...(databaseFiles.length > 0 && {databaseFiles}),
	};
	return {
		kind: 'python',
		folder: '',
		title: `${framework ?? 'Python'} app`,
		confidence: confidenceOf(tree, dependencies, entry ?? own, django, files),
		because: reasons(
			dependencies,
			entry ?? own,
			entry,
			django,
			migrations,
			version && `${version.from} asks for Python ${version.asked}`,
			databaseBecause && database.database ? `${databaseBecause} (${database.database})` : undefined,
			files,
		),
		answers,
		processes: processes.map(process => inWorkingFolder(process, answers.workingFolder)),
		variables,
		packages: readPackages(dependencies?.requirements ?? []),
		warnings: [
			...pythonWarnings({tree, files, names, variables, dependencies, version, entry, start, own, django, migrations}),
			...committedWarnings(tree, database.database),
		],
		questions: openQuestions(entries, django),
	};
}

/** 'backend' of 'backend/manage.py' */
const folderOf = (path: string) => path.split('/').slice(0, -1).join('/');

/** django-compressor makes its files beforehand where it is told so, of what was collected (its documentation, “Pre-compression”). */
function buildOf(django: Django, names: ReadonlySet<string>): string {
	const manage = `python ${django.manage.split('/').at(-1)}`;
	const collect = `${manage} collectstatic --noinput`;
	return names.has('django-compressor') && django.compressesBefore
		? `${collect} && ${manage} compress --force`
		: collect;
}

/** The command the repository gives, where boxwizard knows nothing that it could load into a server of its own. */
function startOf(tree: Tree, entry: Entry | undefined): string | undefined {
	return entry && !entry.lacks ? undefined : statedStarts(tree).find(({process}) => process === 'web')?.command;
}

/** Python that only helps another program (a build script, a notebook) is less sure than one with a server in it. */
function confidenceOf(
	tree: Tree,
	dependencies: Dependencies | undefined,
	server: object | undefined,
	django: Django | undefined,
	files: readonly PythonFile[],
): number {
	const hasFramework = server !== undefined || django !== undefined;
	if (hasFramework && dependencies) return 90;
	if (hasFramework) return 75;
	const share = files.length / Math.max(1, tree.paths.length);
	if (dependencies) return share > 0.1 ? 55 : 30;
	return share > 0.3 ? 25 : 8;
}

/** MYSQL_HOST and its like are not filled where the app runs on PostgreSQL, nor the other way round. */
function withoutOtherEngine(variable: DetectedVariable, database: DetectedAnswers['database']): DetectedVariable {
	const {filledWith, ...rest} = variable;
	const isOther =
		(database === 'postgresql' && /MYSQL|MARIA/.test(variable.name)) ||
		(database === 'mysql' && /POSTGRES|(?:^|_)PG/.test(variable.name));
	return isOther && filledWith?.startsWith('database-') ? rest : variable;
}

function reasons(
	dependencies: Dependencies | undefined,
	server: {readonly because: string} | undefined,
	entry: Entry | undefined,
	django: Django | undefined,
	migrations: Migrations | undefined,
	version: string | undefined,
	database: string | undefined,
	files: readonly PythonFile[],
): string[] {
	const named = dependencies?.requirements.length ?? 0;
	const others = dependencies?.others ?? [];
	return [
		...(dependencies
			? [
					`${dependencies.file} names ${named} package${named === 1 ? '' : 's'}${dependencies.requirements.some(one => one.isHashed) ? ', each with its hash' : ''}: ${dependencies.manager === 'conda' ? 'conda' : 'uv'} installs them${others.length > 0 ? `, rather than ${enumerate(others)}` : ''}`,
				]
			: [`${files[0]?.path ?? 'A file'} is Python`]),
		...(server ? [server.because] : []),
		...(django && entry?.file !== django.manage
			? [`${django.manage} is Django’s${django.settings ? `, with ${django.settings}` : ''}`]
			: []),
		...(version ? [version] : []),
		...(database ? [database] : []),
		...(migrations && migrations.tool !== 'django' ? [migrations.because] : []),
	];
}

/** Two targets of nearly the same weight, in different files, are for the person to choose from; so are Django's settings. */
function openQuestions(entries: readonly Entry[], django: Django | undefined): OpenQuestion[] {
	const [first, ...rest] = entries;
	const close = rest.filter(
		other => first && first.weight < 80 && first.weight - other.weight < 6 && other.file !== first.file && !other.lacks,
	);
	const questions: OpenQuestion[] = [];
	if (first && close.length > 0 && !django)
		questions.push({
			about: 'entry',
			question: 'Which of these is the app?',
			choices: [first, ...close].map(({target}) => target).slice(0, 6),
		});
	if (django && !django.settings)
		questions.push({about: 'settingsModule', question: 'Which settings are for production?', choices: django.choices});
	return questions;
}
