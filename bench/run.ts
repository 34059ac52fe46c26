/*
 * npm run bench: measures what was promised on practice boxes of this machine and writes RESULTS.md. As root on Debian,
 * with the packages of `boxwizard practice`, and ansible, dnsutils and curl. `node bench/run.ts 3` repeats the set-ups.
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BenchBox, freshBox} from './boxes.ts';
import {timeChecks} from './check.ts';
import {timeDeploys} from './deploy.ts';
import {timeDetection} from './detection.ts';
import {timeFirstFrames} from './first-frame.ts';
import {median} from './measure.ts';
import {measurePackage} from './package-size.ts';
import {proveInPlace, withBoxwizard, withScript} from './set-up.ts';
import {timeSeveralApps} from './several-apps.ts';
import {type Results, resultsTable} from './table.ts';
import {visitDeploys} from './visited-deploy.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Set-ups by script and by boxwizard in turns, each on a fresh box. `finished` has filled the package cache. */
async function timeSetUps(finished: BenchBox, folder: string, times: number): Promise<Results['setUp']> {
	const taken: {readonly script: number; readonly boxwizard: number; readonly peak: number}[] = [];
	for (let turn = 1; turn <= times; turn++) {
		say(`Set-up ${turn} of ${times}: by script`);
		const script = await onFreshBox(`bench-script-${turn}`, folder, async bench => {
			const seconds = await withScript(bench, finished, join(folder, `files-${turn}`));
			await proveInPlace(bench);
			return seconds;
		});
		say(`  ${script.toFixed(1)} s; by boxwizard`);
		const {seconds, peak} = await onFreshBox(`bench-setup-${turn}`, folder, withBoxwizard);
		say(`  ${seconds.toFixed(1)} s`);
		taken.push({script, boxwizard: seconds, peak});
	}

	return {
		times,
		script: median(taken.map(({script}) => script)),
		boxwizard: median(taken.map(({boxwizard}) => boxwizard)),
		peak: Math.max(...taken.map(({peak}) => peak)),
	};
}

async function onFreshBox<Value>(
	name: string,
	home: string,
	task: (bench: BenchBox) => Promise<Value>,
): Promise<Value> {
	const bench = await freshBox(name, home);
	try {
		return await task(bench);
	} finally {
		await bench.box.stop();
	}
}

async function measure(folder: string, times: number): Promise<Results> {
	const loadBefore = loadavg()[0] ?? 0;
	say('Package');
	const packed = await measurePackage(folder);
	say('First frames');
	const frames = await timeFirstFrames(folder);
	say(`  ${JSON.stringify(frames)}`);
	say('Detection');
	const detection = await timeDetection(folder);
	say(`  ${JSON.stringify(detection)}`);
	return await onFreshBox('bench', folder, async finished => {
		say('A box to look at');
		await withBoxwizard(finished);
		say('Checks');
		const checks = await timeChecks(finished, folder);
		say(`  ${JSON.stringify(checks)}`);
		say('Deploys');
		const deploy = await timeDeploys(finished);
		say(`  ${deploy.toFixed(1)} s`);
		say('Deploys under visitors');
		const visited = await visitDeploys(finished, say);
		const setUp = await timeSetUps(finished, folder, times);
		say('Three apps');
		const several = await timeSeveralApps(finished);
		say(`  ${JSON.stringify(several)}`);
		return {loadBefore, frames, detection, packed, checks, deploy, setUp, several, visited};
	});
}

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-bench-'));
try {
	const table = resultsTable(await measure(folder, Number(process.argv[2] ?? 1)));
	writeFileSync(join(import.meta.dirname, 'RESULTS.md'), table);
	process.stdout.write(table);
} finally {
	rmSync(folder, {recursive: true, force: true});
}
