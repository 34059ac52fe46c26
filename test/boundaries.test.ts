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
/** The entry, the command line and its rooms. */
const isJoiner = (path: string) => /^source\/(?:boxwizard\.ts$|cli\.tsx$|command-line\/|commands\/)/.test(path);

/** 'path imports target' for each import that `allowed` refuses. */
function breaches(of: readonly Module[], allowed: (target: string) => boolean): string[] {
	return of.flatMap(({path, values, types}) =>
		[...values, ...types].filter(target => !allowed(target)).map(target => `${path} imports ${target}`),
	);
}

/** Parts of source without state, transport or screens: the words that steps and screens share with the engine. */
const vocabulary = [
	'step',
	'outside',
	'secret',
	'trouble',
	'public-key',
	'releases',
	'file-fact',
	'command',
	'due',
	'address',
	'fix',
	'examination',
	'log-source',
	'service',
	'cause',
	'field',
	'question',
	'events',
	'progress',
	'wording',
	'preview',
	'survey',
	'troubleshooting',
	'wizard',
	'clean-value',
].map(name => `source/${name}.ts`);

/** Those of them that a step may know: nothing of events, wizards or previews. */
const stepWords = new Set(vocabulary.slice(0, vocabulary.indexOf('source/field.ts')));

describe('imports go one way', () => {
	it('reads the imports of every file', () => {
		expect(modules.length).toBeGreaterThan(80);
		const cli = modules.find(({path}) => path === 'source/cli.tsx');
		expect(cli?.values).toContain('source/commands/terminal.ts');
		const words = modules.find(({path}) => path === 'source/command-line/road.ts');
		expect(words?.values).toContain('source/commands/check.ts');
		expect(modules.find(({path}) => path === 'source/events.ts')?.types).toContain('source/step.ts');
	});

	it('steps know the contract and each other, and nothing else', () => {
		expect(breaches(under('steps/'), target => target.startsWith('steps/') || stepWords.has(target))).toEqual([]);
	});

	it('screens know events, questions, forms and the wizard, and no transport, step or journal', () => {
		const words = new Set(vocabulary);
		expect(breaches(under('screens/'), target => target.startsWith('screens/') || words.has(target))).toEqual([]);
	});

	it('only the command line joins: the rest of source knows no step and no screen', () => {
		const rest = under('source/').filter(({path}) => !isJoiner(path));
		expect(breaches(rest, target => target.startsWith('source/') && !isJoiner(target))).toEqual([]);
	});

	it('the contract of a step imports no program code', () => {
		const contract = modules.find(({path}) => path === 'source/step.ts');
		expect(contract?.values).toEqual([]);
	});

	it('React stays in the screens', () => {
		const pattern = /from '(?:ink|react)[^']*'/;
		const outside = [...under('steps/'), ...under('source/')].map(({path}) => path).filter(path => !isJoiner(path));
		expect(outside.filter(path => pattern.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
	});

	it('goes round in no circle', () => {
		const byPath = new Map(modules.map(module => [module.path, module.values]));
		const circles: string[] = [];
		const finished = new Set<string>();
		const walk = (path: string, trail: readonly string[]): void => {
			if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
			if (finished.has(path) || trail.includes(path)) return;
			for (const next of byPath.get(path) ?? []) walk(next, [...trail, path]);
			finished.add(path);
		};
		for (const path of byPath.keys()) walk(path, []);
		expect(circles).toEqual([]);
	});
});
