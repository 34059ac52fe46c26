import {randomBytes} from 'node:crypto';
import {type Box, Disconnected} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import type {Secret} from '../contract/secret.ts';
import {type Script, stateFolder} from './script.ts';

/** A recorded apply handed to the box: it runs on when the connection dies. */
export type Job = {
	/** Time and chance: '20261121T101500-1f0c…'. Names its folder, which only root can list; the end of its log is known by it. */
	readonly id: string;
	readonly step: string;
};

/** Folders of jobs that stay on the box, each with its script and log: the newest. More than one set-up makes. */
const keptJobs = 50;

/** How a job stands: not there, at work, ended with an exit code, or ended without one (power loss, killed). */
export type JobState = 'absent' | 'running' | 'lost' | number;

export function newJob(step: string, now: Date): Job {
	const stamp = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
	return {id: `${stamp}-${randomBytes(16).toString('hex')}`, step};
}

const folder = (job: Job) => `${stateFolder}/jobs/${job.id}`;
/** What a job prints, until long after its end. */
export const jobLog = (job: Job) => `${folder(job)}/log`;
/** Where a job's secrets lie while it runs: tmpfs, root only, removed at its end; by systemd where the job itself was killed. */
export const secretsFolder = (job: Job) => `/run/${runtimeDirectory(job)}`;
const runtimeDirectory = (job: Job) => `boxwizard/${job.id}`;
/** The transient unit a job runs in. */
export const jobUnit = (job: Job) => `boxwizard-${job.id.slice(0, 20)}.service`;

/**
 * Starts a job as a transient unit and gives its log, line by line, from line `seen` on; returns its exit code ('lost'
 * when it ended without one). A job that is there already is not started again.
 * @throws Disconnected when the connection is lost: the job runs on, called again it goes on with the log
 */
export function startJob(box: Box, job: Job, script: Script, seen = 0): AsyncGenerator<string, number | 'lost', void> {
	const log = jobLog(job);
	const start = [
		'set -e; umask 077',
		`mkdir ${folder(job)}`,
		`mkdir -p ${secretsFolder(job)}`,
		...Object.entries(script.secrets).map(([name, secret]) => put(`${secretsFolder(job)}/${name}`, secret)),
		// Room for the exit code and the first lines is taken now: a full disk must not cost the job its ending, nor its reason.
		`printf '   ' > ${folder(job)}/ending; : > ${log}; fallocate --keep-size --length 16K ${log} 2>/dev/null || true`,
		`printf %s ${quote(wrapper(job, script))} > ${folder(job)}/script`,
		`systemd-run --quiet --collect --unit=${jobUnit(job)} --description=${quote(`boxwizard: ${job.step}`)} \
			-p RuntimeDirectory=${runtimeDirectory(job)} -p RuntimeDirectoryMode=0700 \
			-p OOMPolicy=continue -p StandardOutput=append:${log} -p StandardError=append:${log} /bin/bash ${folder(job)}/script`,
	].join('\n');
	// No process is started for it unless there is something to remove; the names begin with the time.
	const prune = `cd ${stateFolder}/jobs && set -- */ && if [ $# -ge ${keptJobs} ]; then rm -rf -- "\${@:1:$# - ${keptJobs} + 1}"; fi`;
	// Its folder is made by one caller only. What keeps it from starting is told as its log is.
	return follow(
		box,
		job,
		seen,
		`(umask 077; mkdir -p ${stateFolder}/jobs) 2>&1
if [ ! -d ${folder(job)} ]; then
( ${prune} )
( ${start}
) 2>&1
code=$?
if [ "$code" != 0 ]; then rm -rf ${folder(job)} ${secretsFolder(job)}; ${ending(job)}; exit; fi
fi`,
	);
}

/** Re-attaches to a job: its log from line `seen` on (0 for all), and its exit code. @throws Disconnected */
export function followJob(box: Box, job: Job, seen: number): AsyncGenerator<string, number | 'lost', void> {
	return follow(box, job, seen, '');
}

/** How a job stands. One round trip. A job that was killed could not remove its secrets: that is made good here. */
export async function jobState(box: Box, job: Job): Promise<JobState> {
	// Whether it is active is asked first: one that ends in between has left its exit code by then.
	const {stdout} = await box.run(
		`active=; if systemctl is-active --quiet ${jobUnit(job)}; then active=yes; fi
if [ ! -d ${folder(job)} ]; then echo absent
elif [ -f ${folder(job)}/exit ]; then cat ${folder(job)}/exit
elif [ -n "$active" ]; then echo running
else rm -rf ${secretsFolder(job)}; echo lost; fi`,
	);
	const word = stdout.trim();
	if (word === 'absent' || word === 'running') return word;
	return /^\d+$/.test(word) ? Number(word) : 'lost';
}

/** Seconds that the programs of a job have to end by themselves when it is ended. */
const timeToEnd = 20;

/** Ends a job with all its programs. It is 'lost' then, its log ends, and what it has done so far stays. @throws Disconnected */
export async function stopJob(box: Box, job: Job): Promise<void> {
	const unit = jobUnit(job);
	await box.run(
		`timeout ${timeToEnd} systemctl stop ${unit} || { systemctl kill --signal=KILL ${unit}; systemctl stop ${unit}; }`,
	);
}

async function* follow(box: Box, job: Job, seen: number, start: string): AsyncGenerator<string, number | 'lost', void> {
	const lines = box.follow(`${start}
cd ${folder(job)} || exit 1
pid=$(systemctl show -P MainPID ${jobUnit(job)})
if [ "\${pid:-0}" != 0 ]; then set -- -f -s 0.05 --pid="$pid"; fi
exec 3< <(exec tail -n +${seen + 1} "$@" log)
sed -u '/^${job.id} exit /q' <&3
kill "$!" 2>/dev/null`);
	const end = new RegExp(`^${job.id} exit (\\d+)$`);
	// The mark of the end begins with a newline, for a log without its last one: an empty line before it is no line of the log.
	let empty = false;
	// Heard to its end, which the mark is: breaking off costs the shell it runs in, and a new one takes longer than most jobs.
	let code: number | undefined;
	for await (const line of lines) {
		const ended = end.exec(line);
		if (ended) {
			code = Number(ended[1]);
			continue;
		}

		if (empty) yield '';
		empty = line === '';
		if (!empty) yield line;
	}

	if (code !== undefined) return code;
	const state = await jobState(box, job);
	if (state === 'running' || state === 'absent') throw new Disconnected('the log of the running job broke off');
	return state;
}

/** The script, and around it what marks its end: for the log's reader, and on disk for whoever comes later. */
function wrapper(job: Job, script: Script): string {
	return `#!/bin/bash
(
set -euo pipefail
${script.text}
)
code=$?
rm -rf ${secretsFolder(job)}
printf '%-3s' "$code" 1<> ${folder(job)}/ending && sync ${folder(job)}/ending && mv ${folder(job)}/ending ${folder(job)}/exit
${ending(job)}
exit "$code"
`;
}

/** What ends a job's log; `$code` is its exit code. */
function ending(job: Job): string {
	return `printf '\\n%s exit %s\\n' ${job.id} "$code"`;
}

function put(path: string, secret: Secret): string {
	return `printf %s ${quote(secret.reveal())} > ${path}`;
}
