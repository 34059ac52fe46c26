import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import {optionOf} from '../../source/answers/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Step} from '../../source/contract/step.ts';
import {record} from '../../source/remote/recorder.ts';
import {body, title} from '../../source/remote/script.ts';

/** One file of cases: options and facts in, what the step makes of them out. */
type CaseFile = {
	readonly step: string;
	readonly cases: readonly {
		readonly name: string;
		readonly options: object;
		readonly facts: unknown;
		/** The facts are what the options ask for: nothing to do. */
		readonly done?: boolean;
		/** Exact lines of apply. */
		readonly script?: readonly string[];
		/** Of a longer apply: the line that stands for each of its operations in a log. */
		readonly titles?: readonly string[];
		/** Exact lines of undo, with the facts as `before`. */
		readonly undo?: readonly string[];
		/** What the person must decide first: null for nothing. */
		readonly concern?: object | null;
		/** For the concern: what was found the first time. */
		readonly before?: unknown;
	}[];
};

const folder = new URL('../../', import.meta.url).pathname;
const modules: Record<string, unknown>[] = await Promise.all(
	globSync('steps/*/**/*.ts', {cwd: folder}).map(path => import(`${folder}${path}`)),
);
const steps = new Map(
	modules
		.flatMap(exported => Object.values(exported))
		.filter(isStep)
		.map(step => [step.id, step]),
);

function isStep(value: unknown): value is Step {
	return typeof value === 'object' && value !== null && 'check' in value && 'apply' in value && 'id' in value;
}

/** Secrets stand as {"secret": "…"}; defaults are filled in, and what the schema refuses is an error of the case. */
function readOptions(step: Step, given: object): never {
	const revived = JSON.parse(JSON.stringify(given), (_key, value: unknown) => {
		const text = typeof value === 'object' && value !== null && 'secret' in value ? value.secret : undefined;
		return typeof text === 'string' ? new Secret(text) : value;
	});
	const answers = Object.entries(step.options.shape).map(([name, schema]) => {
		if (name in revived) return [name, z.parse(schema, revived[name])];
		const empty = z.safeParse(schema, undefined);
		return [name, empty.success ? empty.data : undefined];
	});
	return Object.fromEntries(answers) as never;
}

for (const path of globSync('test/steps/**/*.json', {
	cwd: folder,
	exclude: ['test/steps/{causes,doctor,schema,status}/**'],
}).sort()) {
	const file: CaseFile = JSON.parse(readFileSync(`${folder}${path}`, 'utf8'));
	describe(file.step, () => {
		const step = steps.get(file.step);
		test.each(file.cases)('$name', ({options, facts, done, script, titles, undo, concern, before}) => {
			if (!step) throw new Error(`No step has the id ${file.step}`);
			const answers = readOptions(step, options);
			expect([done, script, titles, undo, concern].some(expected => expected !== undefined)).toBe(true);
			if (done !== undefined) expect(step.done(facts, answers)).toBe(done);
			if (concern !== undefined) expect(step.concern?.(facts, answers, before) ?? null).toEqual(concern);
			if (script) expect(lines(body(record(hand => step.apply(hand, facts, answers))))).toEqual(script);
			if (titles) expect(record(hand => step.apply(hand, facts, answers)).map(title)).toEqual(titles);
			if (undo) expect(lines(body(record(hand => step.undo?.(hand, facts, answers))))).toEqual(undo);
		});
	});
}

test.each([...steps.values()].filter(step => Object.keys(step.options.shape).length > 0))(
	'$id: each of its questions has a label, and says what it is for',
	({options}) => {
		const asked = Object.entries(options.shape).map(([name, schema]) => optionOf(name, schema).meta);
		expect(asked.filter(({title, description}) => !title || !description)).toEqual([]);
	},
);

function lines(rendered: readonly string[]): string[] {
	return rendered.flatMap(text => text.split('\n'));
}
