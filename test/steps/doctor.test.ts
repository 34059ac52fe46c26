import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {fixFor} from '../../source/engine/doctor.ts';
import {record} from '../../source/remote/recorder.ts';
import {body} from '../../source/remote/script.ts';
import {examinations} from '../../steps/doctor/index.ts';

/** One file of cases: options and facts in, finding and fix out. */
type CaseFile = {
	readonly examination: string;
	readonly cases: readonly {
		readonly name: string;
		readonly options?: object;
		readonly facts: unknown;
		/** Null: all is well. */
		readonly finding: object | null;
		/** Of a step of the plan only its id; of an own one, the exact lines of its apply (and undo) too. */
		readonly fix?: {
			readonly id: string;
			readonly title: string;
			readonly hazard?: string;
			readonly script?: readonly string[];
			readonly undo?: readonly string[];
		};
	}[];
};

const folder = new URL('doctor/', import.meta.url).pathname;
const files = globSync('**/*.json', {cwd: folder}).map(
	path => JSON.parse(readFileSync(`${folder}${path}`, 'utf8')) as CaseFile,
);

test('every examination has cases: of a healthy box, and of a finding', () => {
	for (const {id} of examinations) {
		const cases = files.filter(({examination}) => examination === id).flatMap(file => file.cases);
		expect(
			cases.some(({finding}) => finding === null),
			`${id}: healthy`,
		).toBe(true);
		expect(
			cases.some(({finding}) => finding !== null),
			`${id}: a finding`,
		).toBe(true);
	}
});

test('names are known once, and fit their places', () => {
	const ids = examinations.map(({id}) => id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const id of ids) expect(id).toMatch(/^[a-z]+\/[a-z]+$/);
});

for (const {examination: id, cases} of files) {
	describe(id, () => {
		const examination = examinations.find(one => one.id === id);
		test.each(cases.map(one => [one.name, one] as const))('%s', (_, {options = {}, facts, finding, fix}) => {
			if (!examination) throw new Error(`There is no examination ${id}`);
			const answers = examination.options.parse(options) as never;
			expect(examination.judge(facts, answers) ?? null).toEqual(finding);
			const found = finding === null ? undefined : fixFor(examination, facts, answers);
			expect(found && {id: found.id, title: found.title}).toEqual(fix && {id: fix.id, title: fix.title});
			if (!found || !fix) return;
			expect(found.title.length).toBeLessThanOrEqual(40);
			expect(found.step.hazard).toBe(fix.hazard);
			if (fix.script) expect(lines(body(record($ => found.step.apply($, facts, {}))))).toEqual(fix.script);
			if (fix.undo) expect(lines(body(record($ => found.step.undo?.($, facts, {}))))).toEqual(fix.undo);
		});
	});
}

function lines(rendered: readonly string[]): string[] {
	return rendered.flatMap(text => text.split('\n'));
}
