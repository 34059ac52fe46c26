import {readFileSync} from 'node:fs';
import {cpus, loadavg, release, totalmem} from 'node:os';
import type {CheckTimes} from './check.ts';
import type {PackageSize} from './package-size.ts';
import type {SeveralApps} from './several-apps.ts';
import {type VisitedDeploys, visitedRows} from './visited-deploy.ts';

export type Results = {
	readonly checks: CheckTimes;
	/** Median seconds; how many of each were run; MB. */
	readonly setUp: {readonly boxwizard: number; readonly script: number; readonly times: number; readonly peak: number};
	/** Median seconds. */
	readonly deploy: number;
	/** Milliseconds. */
	readonly frames: {readonly hello: number; readonly boxwizard: number};
	/** Median seconds, and how many files the app has. */
	readonly detection: {readonly seconds: number; readonly files: number};
	readonly packed: PackageSize;
	readonly several: SeveralApps;
	readonly visited: VisitedDeploys;
	/** Load of the machine when the run began, over one minute. */
	readonly loadBefore: number;
};

export type Row = {readonly what: string; readonly goal: string; readonly measured: string; readonly met: boolean};

/** What the run found, as Markdown. */
export function resultsTable(results: Results): string {
	return [
		'# What was measured',
		'',
		'Written by `npm run bench`; not edited by hand. Medians; the ways of one comparison take turns on the same boxes.',
		'',
		...machineLines(results.loadBefore),
		'',
		'| what | goal | measured | met |',
		'|---|---|---|---|',
		...rows(results).map(
			({what, goal, measured, met}) => `| ${what} | ${goal} | ${measured} | ${goal === '' ? '' : met ? 'yes' : 'no'} |`,
		),
		'',
		'How:',
		'',
		'- The box is a practice box (Debian 12) that `boxwizard setup` has finished with a Flask app: MariaDB, Redis,',
		'  a worker, nginx, postfix, a certificate of a local ACME server.',
		'- The script of the check is `bench/by-hand/check.sh`: it reads what `boxwizard check` reads, over one ssh, and',
		'  judges nothing. The playbook is `bench/by-hand/playbook.yml`, run with pipelining; it finds nothing to do.',
		'- The script of the set-up is `bench/by-hand/setup.sh`: no questions, no checks, one package transaction. Its box',
		'  passes `boxwizard check`. Packages come from the same local cache for both, Python packages from the index.',
		'- Three apps: another instance of the first, and one with PostgreSQL. The processor time is that of all that the',
		'  check runs on the box, as bash counts it; the processes are those that were started on the box meanwhile.',
		'- The folder of detect is a made one, of the size of the largest public Django apps (`bench/detection.ts`).',
		'- Visitors: half of the requests on connections of their own, half on 25 that are kept; the rate stays the same when answers',
		'  are slow, and a request counts from when it was due. The guides’ way is `bench/by-hand/deploy.sh`, on the same box in turn.',
		'- First frame: from the start of the process to the first word in a pseudo-terminal.',
		'',
	].join('\n');
}

function machineLines(loadBefore: number): string[] {
	const [processor] = cpus();
	const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
	const load = `${loadBefore.toFixed(1)} at the start, ${(loadavg()[0] ?? 0).toFixed(1)} at the end`;
	return [
		`- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
		`- ${cpus().length} cores (${processor?.model.trim() ?? ''}), ${Math.round(totalmem() / 2 ** 30)} GB of memory`,
		`- ${system}, Linux ${release()}, Node ${process.versions.node}`,
		`- Load (1 min): ${load}`,
	];
}

function rows({checks, deploy, setUp, frames, detection, packed, several, visited}: Results): Row[] {
	const seconds = (value: number) => `${value.toFixed(2)} s`;
	const toScript = checks.boxwizard / checks.script;
	const toPlaybook = checks.playbook / checks.boxwizard;
	const toRaw = setUp.boxwizard / setUp.script;
	const {one, three} = several;
	const toOne = three.seconds / one.seconds;
	const processorToOne = three.processor / one.processor;
	const toHello = frames.boxwizard / frames.hello;
	const size = `${packed.count} packages, ${packed.megabytes.toFixed(1)} MB (tarball ${packed.tarball.toFixed(1)} MB)`;
	return [
		{what: '`ssh box true`', goal: '', measured: seconds(checks.login), met: true},
		{
			what: '`boxwizard check` against one script by hand',
			goal: 'at most 1.5 times',
			measured: `${seconds(checks.boxwizard)} : ${seconds(checks.script)} = ${toScript.toFixed(2)}`,
			met: toScript <= 1.5,
		},
		{
			what: `\`boxwizard check\` against a playbook of ${checks.tasks} tasks`,
			goal: 'at least 40 times faster',
			measured: `${seconds(checks.playbook)} : ${seconds(checks.boxwizard)} = ${toPlaybook.toFixed(1)}`,
			met: toPlaybook >= 40,
		},
		{
			what: 'round trips of a check after login',
			goal: 'at most 4',
			measured: String(checks.roundTrips),
			met: checks.roundTrips <= 4,
		},
		{
			what: '`boxwizard check` of three apps against that of one',
			goal: 'at most 1.6 times',
			measured: `${seconds(three.seconds)} : ${seconds(one.seconds)} = ${toOne.toFixed(2)}`,
			met: toOne <= 1.6,
		},
		{
			what: 'processor time of the box for it',
			goal: 'at most 1.6 times',
			measured: `${three.processor.toFixed(0)} ms : ${one.processor.toFixed(0)} ms = ${processorToOne.toFixed(2)} (${three.processes} and ${one.processes} processes)`,
			met: processorToOne <= 1.6,
		},
		{
			what: 'round trips of a check of three apps after login',
			goal: 'at most 4',
			measured: String(three.roundTrips),
			met: three.roundTrips <= 4,
		},
		{
			what: '`boxwizard deploy` with unchanged dependencies, until the new version is proven live',
			goal: 'at most 6 s',
			measured: seconds(deploy),
			met: deploy <= 6,
		},
		...visitedRows(visited),
		{
			what: `the whole set-up against one raw script (median of ${setUp.times})`,
			goal: 'at most 0.9 times',
			measured: `${seconds(setUp.boxwizard)} : ${seconds(setUp.script)} = ${toRaw.toFixed(2)}`,
			met: toRaw <= 0.9,
		},
		{
			what: 'first frame against a bundled Ink hello-world',
			goal: 'at most 1.6 times',
			measured: `${frames.boxwizard.toFixed(0)} ms : ${frames.hello.toFixed(0)} ms = ${toHello.toFixed(2)}`,
			met: toHello <= 1.6,
		},
		{
			what: `\`boxwizard detect\` of a folder with ${detection.files} files`,
			goal: 'at most 2 s',
			measured: seconds(detection.seconds),
			met: detection.seconds <= 2,
		},
		{
			what: 'peak memory of a set-up',
			goal: 'at most 150 MB',
			measured: `${setUp.peak.toFixed(0)} MB`,
			met: setUp.peak <= 150,
		},
		{
			what: 'installed package',
			goal: 'at most 5 packages, 8 MB',
			measured: size,
			met: packed.count <= 5 && packed.megabytes <= 8,
		},
	];
}
