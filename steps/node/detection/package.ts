import type {Tree} from '../../../source/contract/detection.ts';
import {readYaml} from '../../reading/commands.ts';
import {at, readJson, type Table, tableOf, textAt, textsOf} from '../../reading/toml.ts';

/** What package.json says. */
export type Package = {
	readonly table: Table;
	readonly scripts: Readonly<Record<string, string>>;
	/** Names with the ranges they are asked for; those for development apart. */
	readonly dependencies: Readonly<Record<string, string>>;
	readonly development: Readonly<Record<string, string>>;
	/** `"type": "module"` */
	readonly isModule: boolean;
	readonly workspaces: readonly string[];
};

const textTable = (value: unknown): Record<string, string> =>
	Object.fromEntries(
		Object.entries(tableOf(value) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
	);

export function readPackage(tree: Tree): Package | undefined {
	const table = readJson(tree.text('package.json'));
	if (!table) return undefined;
	const spaces = Array.isArray(table.workspaces) ? table.workspaces : at(table.workspaces, 'packages');
	const ofPnpm = at(readYaml(tree.text('pnpm-workspace.yaml')), 'packages');
	return {
		table,
		scripts: textTable(table.scripts),
		dependencies: {...textTable(table.optionalDependencies), ...textTable(table.dependencies)},
		development: textTable(table.devDependencies),
		isModule: table.type === 'module',
		workspaces: [...textsOf(spaces), ...textsOf(ofPnpm)],
	};
}

export type NodeManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

/** The manager of the lock file (that of the workspace, for one of its members), else of "packageManager"; npm where neither says. */
export function readManager(
	tree: Tree,
	found: Package,
): {
	readonly manager: NodeManager;
	readonly file: string;
	readonly others: readonly string[];
	readonly isLocked: boolean;
} {
	const locks: readonly (readonly [string, NodeManager])[] = [
		['pnpm-lock.yaml', 'pnpm'],
		['yarn.lock', 'yarn'],
		['bun.lock', 'bun'],
		['bun.lockb', 'bun'],
		['package-lock.json', 'npm'],
		['npm-shrinkwrap.json', 'npm'],
	];
	const said = /^(npm|yarn|pnpm|bun)@/.exec(textAt(found.table, 'packageManager') ?? '')?.[1] as
		| NodeManager
		| undefined;
	const there = locks.filter(([path]) => tree.has(path));
	if (there.length === 0 && tree.above) {
		const outer = readManager(tree.above, readPackage(tree.above) ?? found);
		if (outer.isLocked) return {...outer, file: `../${outer.file}`, others: []};
	}

	const taken = there.find(([, manager]) => manager === said) ?? there[0];
	const others = there.filter(one => one !== taken && one[1] !== taken?.[1]).map(([path]) => path);
	return taken
		? {manager: taken[1], file: taken[0], others, isLocked: true}
		: {manager: said ?? 'npm', file: 'package.json', others: [], isLocked: false};
}

/** Which packages the lock file holds, beside those that package.json names; only its names matter. */
export function lockedNames(tree: Tree, file: string): ReadonlySet<string> {
	const text = tree.text(file) ?? '';
	if (file === 'package-lock.json' || file === 'npm-shrinkwrap.json') {
		const table = readJson(text);
		const packages = Object.keys(tableOf(table?.packages) ?? {}).map(path => path.replace(/^.*node_modules\//, ''));
		return new Set([...packages, ...Object.keys(tableOf(table?.dependencies) ?? {})]);
	}

	const pattern =
		file === 'pnpm-lock.yaml' ? /^\s+'?\/?((?:@[\w.-]+\/)?[\w.-]+)[@/]\d/gm : /^"?((?:@[\w.-]+\/)?[\w.-]+)@/gm;
	return new Set([...text.matchAll(pattern)].map(match => match[1] ?? ''));
}

/** The Node that is asked for, and where. */
export function readNodeVersion(
	tree: Tree,
	{table}: Package,
): {readonly asked: string; readonly from: string} | undefined {
	const line = (path: string) =>
		tree
			.text(path)
			?.split('\n')[0]
			?.trim()
			.replace(/^v(?=\d)/, '');
	const said: readonly (readonly [string | undefined, string])[] = [
		[line('.nvmrc'), '.nvmrc'],
		[line('.node-version'), '.node-version'],
		[/^nodejs?\s+(\S+)/m.exec(tree.text('.tool-versions') ?? '')?.[1], '.tool-versions'],
		[textAt(table, 'volta', 'node'), 'package.json (volta)'],
		[textAt(table, 'engines', 'node'), 'package.json (engines)'],
		[/^FROM\s+(?:--\S+\s+)?(?:\S+\/)?node:(\d+(?:\.\d+)*)/im.exec(tree.text('Dockerfile') ?? '')?.[1], 'Dockerfile'],
	];
	const found = said.find(([asked]) => asked !== undefined && asked !== '' && asked !== '*');
	return found?.[0] ? {asked: found[0], from: found[1]} : undefined;
}
