import {globSync, readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import type {DetectedAnswers, DetectedVariable, Remedy} from '../../source/contract/detection.ts';
import {chooseApp} from '../../source/detection/choose.ts';
import {treeOfTexts} from '../../source/detection/tree.ts';
import {detectors} from '../../steps/detectors.ts';

/** A file's lines; or those lines in UTF-16, as PowerShell writes them. */
type Lines = readonly string[] | {readonly utf16: readonly string[]};

/** One tree, and what is found in it. What is not named is not compared, but for `warns`: all warnings by their codes. */
type Case = {
	readonly name: string;
	readonly files: Readonly<Record<string, Lines>>;
	/** null where nothing is recognised. */
	readonly kind: string | null;
	readonly folder?: string;
	readonly title?: string;
	readonly answers?: DetectedAnswers;
	/** Answers that must not be there. */
	readonly without?: readonly string[];
	readonly variables?: Readonly<Record<string, Partial<DetectedVariable> | null>>;
	/** Variables that are there and that boxwizard leaves alone. */
	readonly notFilled?: readonly string[];
	readonly processes?: readonly {readonly role: string; readonly command: string}[];
	readonly packages?: {readonly build?: readonly string[]; readonly run?: readonly string[]};
	readonly warns?: readonly string[];
	/** Of one warning: what mends it, and pieces of its words. */
	readonly warning?: {readonly code: string; readonly says?: readonly string[]; readonly remedy?: Remedy};
	readonly because?: readonly string[];
	/** What is asked, and the choices. */
	readonly asks?: Readonly<Record<string, readonly string[]>>;
};

const folder = new URL('./cases/', import.meta.url).pathname;
const caseFiles = globSync('*.json', {cwd: folder}).map(name => ({
	name: name.replace('.json', ''),
	cases: JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as readonly Case[],
}));

function treeOfCase({files}: Case) {
	const texts = Object.entries(files).map(([path, lines]): [string, string | Uint8Array] =>
		'utf16' in lines
			? [path, Buffer.from(`\ufeff${lines.utf16.join('\r\n')}\r\n`, 'utf16le')]
			: [path, `${lines.join('\n')}\n`],
	);
	return treeOfTexts('shop', Object.fromEntries(texts));
}

describe.each(caseFiles)('$name', ({cases}) => {
	it.each(cases)('$name', one => {
		const {app, questions} = chooseApp(treeOfCase(one), detectors);
		if (one.kind === null) {
			expect(app).toBeUndefined();
			return;
		}

		expect(app?.kind).toBe(one.kind);
		expect(app).toMatchObject({
			...(one.folder !== undefined && {folder: one.folder}),
			...(one.title !== undefined && {title: one.title}),
			...(one.answers && {answers: one.answers}),
			...(one.processes && {processes: one.processes}),
		});
		for (const name of one.without ?? []) expect(app?.answers, name).not.toHaveProperty(name);
		for (const [name, about] of Object.entries(one.variables ?? {})) {
			const found = app?.variables.find(variable => variable.name === name);
			if (about === null) expect(found, name).toBeUndefined();
			else expect(found, name).toMatchObject(about);
		}

		for (const name of one.notFilled ?? []) {
			const found = app?.variables.find(variable => variable.name === name);
			expect(found, name).toBeDefined();
			expect(found, name).not.toHaveProperty('filledWith');
		}

		for (const when of ['build', 'run'] as const)
			if (one.packages?.[when])
				expect(app?.packages.filter(one => one.when === when).map(one => one.name)).toEqual(one.packages[when]);
		expect(app?.warnings.map(({code}) => code)).toEqual(one.warns ?? []);
		if (one.warning) {
			const found = app?.warnings.find(({code}) => code === one.warning?.code);
			for (const piece of one.warning.says ?? [])
				expect(`${found?.what} ${found?.means} ${found?.next}`).toContain(piece);
			if (one.warning.remedy) expect(found?.remedy).toEqual(one.warning.remedy);
		}

		for (const reason of one.because ?? []) expect(app?.because).toContain(reason);
		if (one.asks) expect(Object.fromEntries(questions.map(({about, choices}) => [about, choices]))).toEqual(one.asks);
	});
});

it('has cases of every kind', () => {
	const kinds = caseFiles.flatMap(({cases}) => cases.map(({kind}) => kind));
	const count = (kind: string) => kinds.filter(one => one === kind).length;
	expect(kinds.length).toBeGreaterThanOrEqual(60);
	expect(count('python')).toBeGreaterThanOrEqual(25);
	for (const {kind} of detectors) expect(count(kind), kind).toBeGreaterThanOrEqual(5);
});
