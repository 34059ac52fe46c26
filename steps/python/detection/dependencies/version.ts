import type {Tree} from '../../../../source/contract/detection.ts';
import {at, readJson, readToml, textAt} from '../../../reading/toml.ts';
import {meets} from '../../../reading/versions.ts';
import {distributions, markerHolds, pythons} from './markers.ts';
import type {Requirement} from './requirements.ts';

/** The Python that a repository asks for. */
export type PythonVersion = {
	/** As it stands there: '>=3.11', '3.12.1'. */
	readonly asked: string;
	readonly from: string;
	/** Those of `pythons` that meet it, oldest first. */
	readonly fitting: readonly string[];
};

/** Undefined where nothing asks for one. The image of a Dockerfile asks for none: it is what its author took, and most apps run on others. */
export function readVersion(tree: Tree, requirements: readonly Requirement[]): PythonVersion | undefined {
	const said = (asked: string | undefined, from: string): readonly [string, string][] =>
		asked?.trim() ? [[asked.trim(), from]] : [];
	const project = readToml(tree.text('pyproject.toml'));
	const pipfile = readToml(tree.text('Pipfile'));
	const lock = readJson(tree.text('Pipfile.lock'));
	const poetryPython = at(project, 'tool', 'poetry', 'dependencies', 'python');
	const [first] = [
		...said(/^(?:python-|cpython-?)?(\d[\w.]*)/m.exec(tree.text('.python-version') ?? '')?.[1], '.python-version'),
		...said(/^[ \t]*python-?\s*(\d[\d.]*)/im.exec(tree.text('runtime.txt') ?? '')?.[1], 'runtime.txt'),
		...said(/^python\s+(\d[\d.]*)/m.exec(tree.text('.tool-versions') ?? '')?.[1], '.tool-versions'),
		...said(textAt(readToml(tree.text('mise.toml') ?? tree.text('.mise.toml')), 'tools', 'python'), 'mise.toml'),
		...said(textAt(project, 'project', 'requires-python'), 'pyproject.toml (requires-python)'),
		...said(typeof poetryPython === 'string' ? poetryPython : undefined, 'pyproject.toml (poetry)'),
		...said(
			textAt(pipfile, 'requires', 'python_full_version') ?? textAt(pipfile, 'requires', 'python_version'),
			'Pipfile',
		),
		...said(textAt(lock, '_meta', 'requires', 'python_version'), 'Pipfile.lock'),
		...said(
			/python_requires\s*=\s*["']?([<>=!~\d][^"'\n]*)/.exec(tree.text('setup.py') ?? tree.text('setup.cfg') ?? '')?.[1],
			'setup.py',
		),
		...said(markersAsk(requirements), requirements[0]?.where.path ?? ''),
	];
	if (!first) return undefined;
	const [asked, from] = first;
	const wanted = /^\d+\.\d+\.\d+/.test(asked) ? asked.split('.').slice(0, 2).join('.') : asked;
	return {asked, from, fitting: pythons.filter(python => meets(python, wanted))};
}

/** Where all requirements stand under markers that an older Python does not meet, the Python from which something is installed. */
function markersAsk(requirements: readonly Requirement[]): string | undefined {
	if (requirements.length === 0 || !requirements.every(({marker}) => /python/.test(marker ?? ''))) return undefined;
	const installing = pythons.filter(python => requirements.some(({marker}) => markerHolds(marker ?? '', python)));
	const oldest = installing[0];
	return oldest === undefined || oldest === pythons[0] ? undefined : `>=${oldest}`;
}

/** Whether no Python at all installs any of them: each is under a marker that no Linux box meets. */
export function isAllExcluded(requirements: readonly Requirement[]): boolean {
	return (
		requirements.length > 0 &&
		requirements.every(({marker}) => marker !== undefined && !pythons.some(python => markerHolds(marker, python)))
	);
}

/** The Python that the app will most likely run on: Debian 12's where it fits, else the next newer one. */
export function likelyPython(version: PythonVersion | undefined): string {
	if (!version) return '3.11';
	return (
		version.fitting.find(python => python in distributions && python !== '3.10') ?? version.fitting.at(-1) ?? '3.11'
	);
}
