import type {Tree} from '../../../../source/contract/detection.ts';
import {lineOf} from '../../../reading/evidence.ts';
import {at, listOf, readToml, tableOf, textAt, textsOf} from '../../../reading/toml.ts';
import {normalName, type Requirement} from './requirements.ts';

/** A package, and the extras of it that are asked for. */
type Need = {readonly name: string; readonly extras: readonly string[]};
export type Locked = Requirement & {
	readonly needs: readonly Need[];
	/** What an extra of it brings, by the extra's name. */
	readonly ofExtras: ReadonlyMap<string, readonly Need[]>;
};

/** The packages of a lock file in TOML (uv, poetry, pdm), and whether each has a ready-made file for Linux. */
export function lockedPackages(tree: Tree, path: string): Locked[] {
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
export function reached(locked: readonly Locked[], direct: readonly Requirement[]): Requirement[] {
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
