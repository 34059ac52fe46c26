import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {closingLine, flakyLines, readReports} from './reports.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-reports-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

/** A report as Vitest writes it. @param tests by name: 'passed', 'skipped', or why it failed */
function report(startTime: number, files: Readonly<Record<string, Readonly<Record<string, string>>>>, message = '') {
	const testResults = Object.entries(files).map(([name, tests]) => ({
		name,
		message,
		status: message !== '' || Object.values(tests).some(state => !/^\w+ed$/.test(state)) ? 'failed' : 'passed',
		assertionResults: Object.entries(tests).map(([fullName, state]) =>
			/^\w+ed$/.test(state)
				? {fullName, status: state, failureMessages: []}
				: {fullName, status: 'failed', failureMessages: [state]},
		),
	}));
	// Their names say nothing of their order.
	writeFileSync(join(folder, `${9 - startTime}.json`), JSON.stringify({startTime, testResults}));
}

test('each file counts once, all reports together', () => {
	report(1, {quick: {one: 'passed', two: 'skipped'}});
	report(2, {road: {one: 'passed', two: 'Error: no\n    at here'}, other: {one: 'passed'}});
	expect(closingLine(readReports(folder))).toBe('3 passed, 1 failed, 1 skipped');
	expect(flakyLines(readReports(folder))).toEqual([]);
});

test('of a file that ran again the second result counts, and both are told', () => {
	report(1, {road: {one: 'passed', two: 'Error: no\n    at here'}, other: {one: 'passed'}});
	report(2, {road: {one: 'passed', two: 'passed'}});
	const files = readReports(folder);
	expect(closingLine(files)).toBe('3 passed, 0 failed');
	expect(flakyLines(files)).toEqual([
		'flaky',
		'  road',
		'    run 1: 1 passed, 1 failed',
		'      two: Error: no',
		'    run 2: 2 passed, 0 failed',
	]);
});

test('a file of which nothing could be run, or whose end failed, is one failure', () => {
	report(1, {broken: {}, ended: {one: 'passed'}}, 'Error: it is broken');
	expect(closingLine(readReports(folder))).toBe('1 passed, 2 failed');
});
