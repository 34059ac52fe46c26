import type {Tree} from '../../../../source/contract/detection.ts';
import {readYaml} from '../../../reading/commands.ts';
import {lineOf} from '../../../reading/evidence.ts';
import {readPython} from '../../../reading/python.ts';
import {callsIn, textsIn} from '../../../reading/tokens.ts';
import {at, listOf, readJson, readToml, type Table, tableOf, textAt, textsOf} from '../../../reading/toml.ts';
import {pinOf} from '../../../reading/versions.ts';
import {
	normalName,
	parseRequirement,
	type Requirement,
	type RequirementsFile,
	readRequirements,
} from './requirements.ts';

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

/** Undefined where no file of the tree says which packages the app needs. */
export function readDependencies(tree: Tree): Dependencies | undefined {
	const found = [uv, poetry, pdm, pipenv, requirements, project, setupScript, oddlyNamed, conda].flatMap(
		way => way(tree) ?? [],
	);
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
const nothing = {files: [], missing: [], isLocked: false, isProject: false} as const;

const pyprojectOf = (tree: Tree) => readToml(tree.text('pyproject.toml'));

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
	return {
		...nothing,
		manager: 'pip',
		file: named,
		requirements: read.requirements,
		isLocked: read.requirements.length > 0 && read.requirements.every(one => one.isHashed),
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
	return {...nothing, manager, file: 'pyproject.toml', requirements: ofProject(tree), isProject: isBuilt(table)};
}

/** setup.py or setup.cfg. */
function setupScript(tree: Tree): Found | undefined {
	const ofScript = readPython(tree.text('setup.py') ?? '')
		.flatMap(({tokens}) => callsIn(tokens))
		.filter(({name}) => /^(?:setuptools\.)?setup$/.test(name))
		.flatMap(call => textsIn(call.named.get('install_requires') ?? []));
	const ofConfig =
		/^install_requires\s*=\s*\n?((?:[ \t]+\S.*\n?|\s*#.*\n)*)/m.exec(tree.text('setup.cfg') ?? '')?.[1]?.split('\n') ??
		[];
	const file = tree.has('setup.py') ? 'setup.py' : 'setup.cfg';
	const lines = [...ofScript, ...ofConfig].map(line => line.replace(/(?:^|\s)#.*/, '').trim()).filter(Boolean);
	if (lines.length === 0 && !tree.has('setup.py')) return undefined;
	return {
		...nothing,
		manager: 'pip',
		file,
		requirements: lines.flatMap(line => placed(line, file, tree)),
		isProject: true,
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

/** What pyproject.toml asks for itself: [project], or poetry's table; groups for development are left out. */
function ofProject(tree: Tree): Requirement[] {
	const table = pyprojectOf(tree);
	const standard = textsOf(at(table, 'project', 'dependencies')).flatMap(line => placed(line, 'pyproject.toml', tree));
	const poetry = Object.entries(tableOf(at(table, 'tool', 'poetry', 'dependencies')) ?? {})
		.filter(([name, about]) => name !== 'python' && at(about, 'optional') !== true)
		.map(([name, about]) => tabled(name, about, 'pyproject.toml', tree));
	const dynamic = textsOf(at(table, 'project', 'dynamic')).includes('dependencies')
		? [at(table, 'tool', 'setuptools', 'dynamic', 'dependencies', 'file')]
				.flat()
				.filter(file => typeof file === 'string')
		: [];
	return [...standard, ...poetry, ...dynamic.flatMap(file => readRequirements(tree, file).requirements)];
}

function isWorkspace(table: Table | undefined): boolean {
	return at(table, 'tool', 'uv', 'workspace') !== undefined && at(table, 'project') === undefined;
}

/** Whether a build backend makes a package of it; uv runs a project without one from where it lies. */
function isBuilt(table: Table | undefined): boolean {
	return at(table, 'build-system') !== undefined && at(table, 'tool', 'uv', 'package') !== false;
}

function placed(line: string, path: string, tree: Tree): Requirement[] {
	const requirement = parseRequirement(line);
	const name = requirement?.written ?? '';
	return requirement
		? [
				{
					...requirement,
					where: {
						path,
						line: lineOf(tree.text(path) ?? '', new RegExp(`["'\\s-]${name.replaceAll('.', '\\.')}\\b`)),
						text: line,
					},
				},
			]
		: [];
}

/** A package as poetry's and pipenv's tables name it: "^1.0", or {version, extras, markers, git}. */
function tabled(name: string, about: unknown, path: string, tree: Tree): Requirement {
	const version = typeof about === 'string' ? about : (textAt(about, 'version') ?? '');
	const marker = textAt(about, 'markers');
	const url = textAt(about, 'git') ?? textAt(about, 'url') ?? textAt(about, 'path') ?? textAt(about, 'file');
	return {
		name: normalName(name),
		written: name,
		extras: textsOf(at(about, 'extras')),
		specifier: version === '*' ? '' : version.replaceAll(' ', ''),
		...(marker && {marker}),
		...(url && {url}),
		where: {
			path,
			line: lineOf(tree.text(path) ?? '', new RegExp(`^\\s*"?${name.replaceAll('.', '\\.')}"?\\s*[=:]`, 'm')),
			text: `${name} ${version}`.trim(),
		},
	};
}

/** A package, and the extras of it that are asked for. */
type Need = {readonly name: string; readonly extras: readonly string[]};
type Locked = Requirement & {
	readonly needs: readonly Need[];
	/** What an extra of it brings, by the extra's name. */
	readonly ofExtras: ReadonlyMap<string, readonly Need[]>;
};

/** The packages of a lock file in TOML (uv, poetry, pdm), and whether each has a ready-made file for Linux. */
function lockedPackages(tree: Tree, path: string): Locked[] {
	return listOf(readToml(tree.text(path))?.package).flatMap(entry => {
		const [name, version] = [textAt(entry, 'name'), textAt(entry, 'version')];
		if (!name || !version) return [];
		const files = [...listOf(at(entry, 'wheels')), ...listOf(at(entry, 'files'))].map(
			file => textAt(file, 'url') ?? textAt(file, 'file') ?? '',
		);
		const wheels = files.filter(file => file.includes('.whl'));
		const source = tableOf(at(entry, 'source'));
		const isOwn = source !== undefined && ('virtual' in source || 'editable' in source);
		if (isOwn) return [];
		const git = textAt(source, 'git');
		return [
			{
				name: normalName(name),
				written: name,
				extras: textsOf(at(entry, 'extras')),
				specifier: `==${version}`,
				...(git && {url: git}),
				...(files.length > 0 && {hasWheel: wheels.some(wheel => /none-any|manylinux|linux/.test(wheel))}),
				needs: needsIn(at(entry, 'dependencies')),
				ofExtras: new Map(
					[at(entry, 'optional-dependencies'), at(entry, 'extras')].flatMap(table =>
						Object.entries(tableOf(table) ?? {}).map(([extra, needs]): [string, Need[]] => [extra, needsIn(needs)]),
					),
				),
				where: {path, line: lineOf(tree.text(path) ?? '', `name = "${name}"`), text: `${name} ${version}`},
			},
		];
	});
}

/** uv: {name, extra}; poetry: a table by name, or 'psycopg-binary (==3.1)'; pdm: 'uvicorn[standard]>=0.20'. */
function needsIn(value: unknown): Need[] {
	const table = tableOf(value);
	if (table)
		return Object.entries(table).map(([name, about]) => ({
			name: normalName(name),
			extras: listOf(about)
				.concat(tableOf(about) ?? [])
				.flatMap(one => textsOf(at(one, 'extras'))),
		}));
	return listOf(value).flatMap(one => {
		const named = textAt(one, 'name');
		if (named !== undefined) return [{name: normalName(named), extras: textsOf(at(one, 'extra'))}];
		const [, name, extras = ''] = (typeof one === 'string' && /^([\w.-]+)\s*(?:\[([^\]]*)\])?/.exec(one)) || [];
		return name ? [{name: normalName(name), extras: extras.split(',').map(extra => extra.trim())}] : [];
	});
}

/**
 * Of the locked packages those that the project's own lead to: what only development or an extra that nobody asks for needs is left out. All,
 * where it names none; the project's own, where the lock file is only known to be there.
 */
function reached(locked: readonly Locked[], direct: readonly Requirement[]): Requirement[] {
	if (direct.length === 0) return [...locked];
	if (locked.length === 0) return [...direct];
	const byName = Map.groupBy(locked, ({name}) => name);
	const seen = new Set<string>();
	const reachedNames = new Set<string>();
	const waiting: Need[] = direct.map(({name, extras}) => ({name, extras}));
	while (waiting.length > 0) {
		const {name = '', extras = []} = waiting.pop() ?? {};
		reachedNames.add(name);
		for (const extra of ['', ...extras]) {
			if (seen.has(`${name}[${extra}]`)) continue;
			seen.add(`${name}[${extra}]`);
			// pdm has an entry of its own for a package with an extra.
			const entries = (byName.get(name) ?? []).filter(one => one.extras.length === 0 || one.extras.includes(extra));
			waiting.push(
				...entries.flatMap(one => (extra === '' ? one.needs : [...one.needs, ...(one.ofExtras.get(extra) ?? [])])),
			);
		}
	}

	const asked = new Map(direct.map(one => [one.name, one.extras]));
	const taken = new Set<string>();
	return locked.flatMap(one => {
		if (!reachedNames.has(one.name) || taken.has(one.name)) return [];
		taken.add(one.name);
		return [{...one, extras: asked.get(one.name) ?? []}];
	});
}
