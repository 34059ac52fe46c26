import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {describe, expect, it} from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Every program file and the project's own files it imports; types apart, since they are gone when it runs. */
type Module = {readonly path: string; readonly values: readonly string[]; readonly types: readonly string[]};

function readModule(path: string): Module {
	const text = readFileSync(join(root, path), 'utf8');
	const statements = text.matchAll(
		/^\s*(?:import|export)\s+(?<type>type\s)?[^'"`;]*?from\s+'(?<from>\.[^']+)'|import\('(?<lazy>\.[^']+)'\)|^import '(?<bare>\.[^']+)'/gms,
	);
	const found = [...statements].map(({groups = {}}) => {
		const {type, from, lazy, bare} = groups;
		const target = relative(root, resolve(root, dirname(path), from ?? lazy ?? bare ?? ''));
		return {target, onlyType: type !== undefined};
	});
	const pick = (onlyType: boolean) => found.filter(one => one.onlyType === onlyType).map(one => one.target);
	return {path, values: pick(false), types: pick(true)};
}

const modules = ['source', 'screens', 'steps'].flatMap(folder =>
	readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(name => /\.tsx?$/.test(name))
		.map(name => readModule(join(folder, name))),
);

const under = (folder: string) => modules.filter(({path}) => path.startsWith(folder));
/** The one room that joins steps, screens and transports. */
const isJoiner = (path: string) => path.startsWith('source/cli/');

/** 'path imports target' for each import that `allowed` refuses. */
function breaches(of: readonly Module[], allowed: (target: string) => boolean): string[] {
	return of.flatMap(({path, values, types}) =>
		[...values, ...types].filter(target => !allowed(target)).map(target => `${path} imports ${target}`),
	);
}

/** What the contract holds for screens alone: a step knows nothing of events, forms and wizards. */
const isOfScreens = (path: string) => path.startsWith('source/contract/ui/');

/** What screens may know beside the contract: how things are worded, and types of what is looked at. */
const shown = new Set(['source/render/progress.ts', 'source/render/wording.ts', 'source/remote/clean-value.ts']);

const isContract = (path: string) => path.startsWith('source/contract/');

describe('imports go one way', () => {
	it('reads the imports of every file', () => {
		expect(modules.length).toBeGreaterThan(80);
		const cli = modules.find(({path}) => path === 'source/cli/cli.tsx');
		expect(cli?.values).toContain('source/cli/terminal/output.ts');
		const words = modules.find(({path}) => path === 'source/cli/program/setup.ts');
		expect(words?.values).toContain('source/cli/commands/box/check.ts');
		expect(modules.find(({path}) => path === 'source/contract/ui/events.ts')?.types).toContain(
			'source/contract/step.ts',
		);
	});

	it('steps know the contract and each other, and nothing else', () => {
		const allowed = (target: string) => target.startsWith('steps/') || (isContract(target) && !isOfScreens(target));
		expect(breaches(under('steps/'), allowed)).toEqual([]);
	});

	it('screens know events, questions, forms and the wizard, and no transport, step or journal', () => {
		const allowed = (target: string) => target.startsWith('screens/') || isContract(target) || shown.has(target);
		expect(breaches(under('screens/'), allowed)).toEqual([]);
	});

	it('only the command line joins: the rest of source knows no step and no screen', () => {
		const rest = under('source/').filter(({path}) => !isJoiner(path));
		expect(breaches(rest, target => target.startsWith('source/') && !isJoiner(target))).toEqual([]);
	});

	it('the contract of a step imports no program code', () => {
		const contract = modules.find(({path}) => path === 'source/contract/step.ts');
		expect(contract?.values).toEqual([]);
	});

	it('React stays in the screens', () => {
		const pattern = /from '(?:ink|react)[^']*'/;
		const outside = [...under('steps/'), ...under('source/')].map(({path}) => path).filter(path => !isJoiner(path));
		expect(outside.filter(path => pattern.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
	});

	it('goes round in no circle', () => {
		expect(circlesOf(new Map(modules.map(({path, values}) => [path, values])))).toEqual([]);
	});

	it.each(['source', 'screens', 'steps'])('%s: no two rooms import each other, not even types', top => {
		const rooms = new Map<string, string[]>();
		for (const {path, values, types} of under(`${top}/`)) {
			const others = [...values, ...types].map(roomOf).filter(other => other !== roomOf(path) && other.startsWith(top));
			rooms.set(roomOf(path), [...(rooms.get(roomOf(path)) ?? []), ...others]);
		}

		expect(rooms.size).toBeGreaterThan(5);
		expect(circlesOf(rooms)).toEqual([]);
	});
});

/** A folder of source/, screens/ or steps/, with all below it; a file beside the folders is a room of its own. */
function roomOf(path: string): string {
	return path.split('/').slice(0, 2).join('/');
}

/** Each way that leads back to where it began: 'a → b → a'. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
	const circles: string[] = [];
	const finished = new Set<string>();
	const walk = (from: string, trail: readonly string[]): void => {
		if (trail.includes(from)) circles.push([...trail.slice(trail.indexOf(from)), from].join(' → '));
		if (finished.has(from) || trail.includes(from)) return;
		for (const next of imports.get(from) ?? []) walk(next, [...trail, from]);
		finished.add(from);
	};
	for (const from of imports.keys()) walk(from, []);
	return circles;
}
