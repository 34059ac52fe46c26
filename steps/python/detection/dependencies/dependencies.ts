import type {Tree} from '../../../../source/contract/detection.ts';
import {readYaml} from '../../../reading/commands.ts';
import {assignment, readPython} from '../../../reading/python.ts';
import {callsIn, is, textsIn} from '../../../reading/tokens.ts';
import {at, listOf, readJson, readToml, type Table, tableOf, textsOf} from '../../../reading/toml.ts';
import {pinOf} from '../../../reading/versions.ts';
import {lockedPackages, reached} from './lockFile.ts';
import {ofProject, placed, pyprojectOf, tabled} from './projectFile.ts';
import {type Requirement, type RequirementsFile, readRequirements} from './requirements.ts';

export type Manager = 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'pip' | 'conda';

/** How an app's packages are installed, and which they are. */
export type Dependencies = {
	readonly manager: Manager;
	/** What it installs from: 'uv.lock', 'requirements/prod.txt'. */
	readonly file: string;
	/** Other files that name packages as well, and were not taken. */
	readonly others: readonly string[];
	readonly requirements: readonly Requirement[];
	readonly isLocked: boolean;
	/** Files of requirements, with those that they include. */
	readonly files: readonly string[];
	readonly missing: RequirementsFile['missing'];
	/** Whether the project is a package that is installed itself. */
	readonly isProject: boolean;
	/** The packages are worked out as it is built: there is no telling from here which they are. */
	readonly isUnknown: boolean;
};

const requirementFiles = [
	'requirements.txt',
	'requirements/production.txt',
	'requirements/prod.txt',
	'requirements/requirements.txt',
	'requirements/main.txt',
	'requirements/base.txt',
	'requirements/common.txt',
	'requirements-prod.txt',
	'requirements-production.txt',
	'requirements_prod.txt',
	'requirements.prod.txt',
	'requirements-base.txt',
	'deploy/requirements.txt',
	'requirement.txt',
	'reqs.txt',
	'requirements.in',
];

/**
 * Undefined where no file of the tree says which packages the app needs.
 * @param given the file that a person has named; '' for the one that counts
 */
export function readDependencies(tree: Tree, given = ''): Dependencies | undefined {
	const found = [uv, poetry, pdm, pipenv, requirements, project, setupScript, oddlyNamed, conda].flatMap(
		way => way(tree) ?? [],
	);
	if (given !== '') {
		const isListed = tree.has(given) && /\.(?:txt|in)$/.test(given);
		const named = found.find(({file}) => file === given) ?? (isListed ? listedIn(tree, given) : undefined);
		return named && {...named, others: []};
	}

	const isEmpty = (way: Found) => Number(way.requirements.length === 0 && !way.isLocked);
	const ways = found.sort((one, other) => isEmpty(one) - isEmpty(other));
	// What no lock file holds may be other versions tomorrow: requirements that are all pinned are surer.
	const pinned = ways.find(({manager, requirements: all}) => manager === 'pip' && arePinned(all));
	const isLoose = (ways[0]?.manager === 'pipenv' || ways[0]?.manager === 'poetry') && !ways[0].isLocked;
	const ordered = pinned && isLoose ? [pinned, ...ways.filter(way => way !== pinned)] : ways;
	const [taken, ...others] = ordered;
	if (!taken) return undefined;
	const otherFiles = others.map(({file}) => file).filter(file => file !== taken.file && file !== 'pyproject.toml');
	return {...taken, others: [...new Set(otherFiles)]};
}

function arePinned(requirements: readonly Requirement[]): boolean {
	return (
		requirements.length > 0 &&
		requirements.every(({specifier, url}) => url !== undefined || pinOf(specifier) !== undefined)
	);
}

type Found = Omit<Dependencies, 'others'>;
const nothing = {files: [], missing: [], isLocked: false, isProject: false, isUnknown: false} as const;

function uv(tree: Tree): Found | undefined {
	// At the top of a workspace the lock file is that of its members.
	if (!tree.has('uv.lock') && isMember(tree)) return {...uvLocked(tree.above ?? tree, tree), file: '../uv.lock'};
	if (!tree.has('uv.lock') || isWorkspace(pyprojectOf(tree))) return undefined;
	return uvLocked(tree, tree);
}

function uvLocked(lock: Tree, member: Tree): Found {
	return {
		...nothing,
		manager: 'uv',
		file: 'uv.lock',
		isLocked: true,
		requirements: reached(lockedPackages(lock, 'uv.lock'), ofProject(member)),
		isProject: isBuilt(pyprojectOf(member)),
	};
}

/** A project in a workspace of uv, which has one lock file for all. */
function isMember(tree: Tree): boolean {
	return (
		tree.has('pyproject.toml') &&
		tree.above?.has('uv.lock') === true &&
		at(pyprojectOf(tree.above), 'tool', 'uv', 'workspace') !== undefined
	);
}

function poetry(tree: Tree): Found | undefined {
	const project = pyprojectOf(tree);
	const isPoetry =
		at(project, 'tool', 'poetry', 'dependencies') !== undefined || at(project, 'tool', 'poetry', 'name') !== undefined;
	if (!tree.has('poetry.lock')) {
		if (!isPoetry) return undefined;
		return {...nothing, manager: 'poetry', file: 'pyproject.toml', requirements: ofProject(tree)};
	}

	return {
		...nothing,
		manager: 'poetry',
		file: 'poetry.lock',
		isLocked: true,
		requirements: reached(lockedPackages(tree, 'poetry.lock'), ofProject(tree)),
		isProject:
			at(project, 'tool', 'poetry', 'package-mode') !== false &&
			at(project, 'tool', 'poetry', 'packages') !== undefined,
	};
}

function pdm(tree: Tree): Found | undefined {
	if (!tree.has('pdm.lock')) return undefined;
	return {
		...nothing,
		manager: 'pdm',
		file: 'pdm.lock',
		isLocked: true,
		requirements: reached(lockedPackages(tree, 'pdm.lock'), ofProject(tree)),
		isProject: at(pyprojectOf(tree), 'tool', 'pdm', 'distribution') === true,
	};
}

function pipenv(tree: Tree): Found | undefined {
	const isLocked = tree.has('Pipfile.lock');
	if (!isLocked && !tree.has('Pipfile')) return undefined;
	const locked = tableOf(readJson(tree.text('Pipfile.lock'))?.default);
	const from = locked ? 'Pipfile.lock' : 'Pipfile';
	const packages = locked ?? tableOf(readToml(tree.text('Pipfile'))?.packages) ?? {};
	return {
		...nothing,
		manager: 'pipenv',
		file: isLocked ? 'Pipfile.lock' : 'Pipfile',
		isLocked,
		requirements: Object.entries(packages).map(([name, about]) => tabled(name, about, from, tree)),
	};
}

function requirements(tree: Tree): Found | undefined {
	const named = requirementFiles.find(path => tree.has(path));
	return named === undefined ? undefined : listedIn(tree, named);
}

/** A requirements file of any other name: of a project that names its packages elsewhere too it is for something aside. */
function oddlyNamed(tree: Tree): Found | undefined {
	const named = tree.paths.find(
		path => /^(?:requirements\/)?[^/]*requirements[^/]*\.txt$/i.test(path) && !/dev|test|doc|lint|optional/i.test(path),
	);
	return named === undefined || requirementFiles.includes(named) ? undefined : listedIn(tree, named);
}

function listedIn(tree: Tree, named: string): Found {
	const read = readRequirements(tree, named);
	// With the project itself (-e .) comes what that asks for.
	const own = read.isProject ? [...ofProject(tree), ...(setupScript(tree)?.requirements ?? [])] : [];
	const listed = new Set(read.requirements.map(({name}) => name));
	const requirements = [...read.requirements, ...own.filter(({name}) => !listed.has(name))];
	return {
		...nothing,
		manager: 'pip',
		file: named,
		requirements,
		isLocked: requirements.length > 0 && requirements.every(one => one.isHashed),
		files: read.files,
		missing: read.missing,
		isProject: read.isProject,
	};
}

/** A pyproject.toml with a [project] that names packages, and no lock file. */
function project(tree: Tree): Found | undefined {
	const table = pyprojectOf(tree);
	if (at(table, 'project') === undefined) return undefined;
	const manager = at(table, 'tool', 'uv') !== undefined ? 'uv' : at(table, 'tool', 'pdm') !== undefined ? 'pdm' : 'pip';
	return {
		...nothing,
		manager,
		file: 'pyproject.toml',
		requirements: ofProject(tree),
		isProject: isBuilt(table),
		isUnknown: textsOf(at(table, 'project', 'dynamic')).includes('dependencies'),
	};
}

/** setup.py or setup.cfg. */
function setupScript(tree: Tree): Found | undefined {
	const statements = readPython(tree.text('setup.py') ?? '');
	const given = statements
		.flatMap(({tokens}) => callsIn(tokens))
		.filter(({name}) => /^(?:setuptools\.)?setup$/.test(name))
		.flatMap(call => call.named.get('install_requires') ?? []);
	// install_requires=requires, a list of its own
	const named = statements
		.flatMap(statement => assignment(statement) ?? [])
		.findLast(({name}) => given.length === 1 && is(given[0], name));
	const ofScript = textsIn(named?.value ?? given);
	const ofConfig =
		/^install_requires[ \t]*=[ \t]*(\S.*)?\n?((?:[ \t]+\S.*\n?|[ \t]*#.*\n)*)/m
			.exec(tree.text('setup.cfg') ?? '')
			?.slice(1)
			.flatMap(part => part?.split(/\n|;(?=\s*[\w-]+\s*(?:$|[<>=!~[;]))/) ?? []) ?? [];
	const isOfScript = tree.has('setup.py') && (ofScript.length > 0 || ofConfig.length === 0);
	const file = isOfScript ? 'setup.py' : 'setup.cfg';
	const lines = [...ofScript, ...ofConfig].map(line => line.replace(/(?:^|\s)#.*/, '').trim()).filter(Boolean);
	if (lines.length === 0 && !tree.has('setup.py')) return undefined;
	return {
		...nothing,
		manager: 'pip',
		file,
		requirements: lines.flatMap(line => placed(line, file, tree)),
		isProject: true,
		isUnknown: given.length > 0 && lines.length === 0,
	};
}

function conda(tree: Tree): Found | undefined {
	const file = ['environment.yml', 'environment.yaml'].find(path => tree.has(path));
	if (!file) return undefined;
	const lines = listOf(at(readYaml(tree.text(file)), 'dependencies')).flatMap(one =>
		typeof one === 'string'
			? [one.replace(/^[^:]+::/, '').replace(/^([\w.-]+)=([\w.]+)(?:=\S*)?$/, '$1==$2')]
			: textsOf(tableOf(one)?.pip),
	);
	const names = lines.filter(line => !/^(?:python|pip|setuptools|wheel)\b/.test(line));
	return {...nothing, manager: 'conda', file, requirements: names.flatMap(line => placed(line, file, tree))};
}

function isWorkspace(table: Table | undefined): boolean {
	return at(table, 'tool', 'uv', 'workspace') !== undefined && at(table, 'project') === undefined;
}

/** Whether a build backend makes a package of it; uv runs a project without one from where it lies. */
function isBuilt(table: Table | undefined): boolean {
	return at(table, 'build-system') !== undefined && at(table, 'tool', 'uv', 'package') !== false;
}
