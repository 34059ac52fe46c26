/*
 * npm run road [-- NAME…]: the tests on practice boxes, all of them or those of the named files. A file that fails is run
 * once more, on fresh boxes: the second result counts, and both are printed.
 */
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {flakyLines, readReports} from '../../reports.ts';

const root = join(import.meta.dirname, '../../..');
const own = process.env.VITEST_REPORTS ? undefined : mkdtempSync(join(tmpdir(), 'boxwizard-reports-'));
const reports = process.env.VITEST_REPORTS || own || '';

/** Runs these files, or all, and answers Vitest's exit code; undefined where it was stopped. */
async function road(files: readonly string[]): Promise<number | undefined> {
	const words = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'road*', ...files];
	const child = spawn(process.execPath, words, {
		cwd: root,
		stdio: 'inherit',
		env: {...process.env, VITEST_REPORTS: reports},
	});
	// It takes its boxes away, and then so does this.
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
	return await new Promise(resolve => child.on('close', code => resolve(code ?? undefined)));
}

/** The files whose last run failed. */
const failed = () => [...readReports(reports)].flatMap(([name, runs]) => (runs.at(-1)?.failures.length ? [name] : []));

const before = failed();
const named = process.argv.slice(2).map(name => (/^-|\//.test(name) ? name : `/${name}.test.`));
let code = await road(named);
const again = failed().filter(name => !before.includes(name));
if (code === 1 && again.length > 0) {
	code = await road(again);
	const shown = new Map([...readReports(reports)].map(([name, runs]) => [relative(root, name), runs] as const));
	for (const line of flakyLines(shown)) console.log(line);
}

if (own) rmSync(own, {recursive: true});
process.exitCode = code ?? 1;
