import type {Tree} from '../../../source/contract/detection.ts';
import {readYaml} from '../../reading/commands.ts';
import {lineOf} from '../../reading/evidence.ts';
import {readPython} from '../../reading/python.ts';
import {callsIn, textsIn} from '../../reading/tokens.ts';
import {at, listOf, readJson, readToml, type Table, tableOf, textAt, textsOf} from '../../reading/toml.ts';
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
	const ways = [uv, poetry, pdm, pipenv, requirements, project, setupScript, conda].flatMap(way => way(tree) ?? []);
	const [taken, ...others] = ways;
	if (!taken) return undefined;
	const otherFiles = others.map(({file}) => file).filter(file => file !== taken.file && file !== 'pyproject.toml');
	return {...taken, others: [...new Set(otherFiles)]};
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
	const lock = readJson(tree.text('Pipfile.lock'));
	const pipfile = readToml(tree.text('Pipfile'));
	if (lock) {
		const packages = Object.entries(tableOf(lock.default) ?? {});
		return {
			...nothing,
			manager: 'pipenv',
			file: 'Pipfile.lock',
			isLocked: true,
			requirements: packages.map(([name, about]) => tabled(name, about, 'Pipfile.lock', tree)),
		};
	}

	if (!tree.has('Pipfile')) return undefined;
	const packages = Object.entries(tableOf(pipfile?.packages) ?? {});
	return {
		...nothing,
		manager: 'pipenv',
		file: 'Pipfile',
		requirements: packages.map(([name, about]) => tabled(name, about, 'Pipfile', tree)),
	};
}

function requirements(tree: Tree): Found | undefined {
	const named =
		requirementFiles.find(path => tree.has(path)) ??
		tree.paths.find(
			path => /^(?:requirements\/)?[^/]*requirements[^/]*\.txt$/i.test(path) && !/dev|test|doc|lint/i.test(path),
		);
	if (!named) return undefined;
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

type Locked = Requirement & {readonly needs: readonly string[]; readonly isDirect?: boolean};

/** The packages of a lock file in TOML (uv, poetry, pdm), and whether each has a ready-made file for Linux. */
function lockedPackages(tree: Tree, path: string): Locked[] {
	return listOf(readToml(tree.text(path))?.package).flatMap(entry => {
		const [name, version] = [textAt(entry, 'name'), textAt(entry, 'version')];
		if (!name || !version) return [];
		const files = [...listOf(at(entry, 'wheels')), ...listOf(at(entry, 'files'))].map(
			file => textAt(file, 'url') ?? textAt(file, 'file') ?? '',
		);
		const wheels = files.filter(file => file.includes('.whl'));
		const table = tableOf(at(entry, 'dependencies'));
		const listed = listOf(at(entry, 'dependencies')).map(
			one => textAt(one, 'name') ?? (typeof one === 'string' ? (/^[\w.-]+/.exec(one)?.[0] ?? '') : ''),
		);
		const source = tableOf(at(entry, 'source'));
		const isOwn = source !== undefined && ('virtual' in source || 'editable' in source);
		if (isOwn) return [];
		const git = textAt(source, 'git');
		return [
			{
				name: normalName(name),
				written: name,
				extras: [],
				specifier: `==${version}`,
				...(git && {url: git}),
				...(files.length > 0 && {hasWheel: wheels.some(wheel => /none-any|manylinux|linux/.test(wheel))}),
				needs: table ? Object.keys(table).map(normalName) : listed.map(normalName),
				where: {path, line: lineOf(tree.text(path) ?? '', `name = "${name}"`), text: `${name} ${version}`},
			},
		];
	});
}

/** Of the locked packages those that the project's own lead to: what only development needs is left out. All, where it names none. */
function reached(locked: readonly Locked[], direct: readonly Requirement[]): Requirement[] {
	if (direct.length === 0) return [...locked];
	const byName = new Map(locked.map(one => [one.name, one]));
	const seen = new Set<string>();
	const waiting = direct.map(({name}) => name);
	while (waiting.length > 0) {
		const name = waiting.pop() ?? '';
		if (seen.has(name)) continue;
		seen.add(name);
		waiting.push(...(byName.get(name)?.needs ?? []));
	}

	const extras = new Map(direct.map(one => [one.name, one]));
	// What an extra brings is not told by every lock file.
	const drivers = locked.filter(({name}) =>
		/^(?:psycopg|mysqlclient|pymysql|asyncpg|aiomysql|uvicorn|gunicorn|redis)/.test(name),
	);
	return [...locked.filter(({name}) => seen.has(name)), ...drivers.filter(({name}) => !seen.has(name))].map(one => ({
		...one,
		extras: extras.get(one.name)?.extras ?? [],
	}));
}
