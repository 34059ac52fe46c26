import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** What this needs of the JSON that Vitest's reporter of that name writes. */
type Report = {
	readonly startTime: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly status: 'passed' | 'failed';
		readonly message: string;
		readonly assertionResults: readonly {
			readonly fullName: string;
			readonly status: string;
			readonly failureMessages: readonly string[];
		}[];
	}[];
};

/** How one run of a file of tests ended. */
export type FileResult = {
	readonly passed: number;
	readonly skipped: number;
	/** What failed, with the first line of why: tests by name, or the file itself. */
	readonly failures: readonly string[];
};

/** All runs of each file that the reports in a folder tell of, the oldest first. */
export function readReports(folder: string): Map<string, FileResult[]> {
	const reports = readdirSync(folder)
		.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report)
		.sort((one, other) => one.startTime - other.startTime);
	const files = new Map<string, FileResult[]>();
	for (const file of reports.flatMap(({testResults}) => testResults))
		files.set(file.name, [...(files.get(file.name) ?? []), resultOf(file)]);
	return files;
}

function resultOf({status, message, assertionResults}: Report['testResults'][number]): FileResult {
	const having = (state: string) => assertionResults.filter(test => test.status === state);
	const passed = having('passed').length;
	const failures = having('failed').map(test => `${test.fullName}: ${firstLine(test.failureMessages[0])}`);
	// A hook at the end, or a file that could not even be read, fails no test.
	if (status === 'failed' && failures.length === 0) failures.push(`the file itself: ${firstLine(message)}`);
	return {passed, skipped: assertionResults.length - passed - having('failed').length, failures};
}

const firstLine = (text = '') => text.trim().split('\n')[0] ?? '';

/** '12 passed, 0 failed': of a file that ran again the last run counts. */
export function closingLine(files: ReadonlyMap<string, readonly FileResult[]>): string {
	const last = [...files.values()].flatMap(runs => runs.at(-1) ?? []);
	const sum = (count: (result: FileResult) => number) => last.reduce((total, result) => total + count(result), 0);
	const skipped = sum(result => result.skipped);
	const counts = `${sum(({passed}) => passed)} passed, ${sum(({failures}) => failures.length)} failed`;
	return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

/** The files that ran twice, each with both results: nothing where there are none. */
export function flakyLines(files: ReadonlyMap<string, readonly FileResult[]>): string[] {
	const twice = [...files].filter(([, runs]) => runs.length > 1);
	if (twice.length === 0) return [];
	return [
		'flaky',
		...twice.flatMap(([name, runs]) => [
			`  ${name}`,
			...runs.flatMap((run, index) => [
				`    run ${index + 1}: ${run.passed} passed, ${run.failures.length} failed`,
				...run.failures.map(failure => `      ${failure}`),
			]),
		]),
	];
}
