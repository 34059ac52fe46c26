import {randomBytes} from 'node:crypto';
import {type Box, Disconnected} from './box.ts';
import {quote} from './command.ts';
import {type Script, stateFolder} from './script.ts';
import type {Secret} from './secret.ts';

/** A recorded apply handed to the box: it runs on when the connection dies. */
export type Job = {
	/** Time and chance: '20261121T101500-1f0c…'. Names its folder, which only root can list; the end of its log is known by it. */
	readonly id: string;
	readonly step: string;
};

/** How a job stands: not there, at work, ended with an exit code, or ended without one (power loss, killed). */
export type JobState = 'absent' | 'running' | 'lost' | number;

export function newJob(step: string, now: Date): Job {
	const stamp = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
	return {id: `${stamp}-${randomBytes(16).toString('hex')}`, step};
}

const folder = (job: Job) => `${stateFolder}/jobs/${job.id}`;
/** Where a job's secrets lie while it runs: tmpfs, root only, removed at its end. */
export const secretsFolder = (job: Job) => `/run/boxwizard/${job.id}`;
const unit = (job: Job) => `boxwizard-${job.id.slice(0, 20)}.service`;

/**
 * Starts a job as a transient unit and gives its log, line by line; returns its exit code ('lost' when it ended without one).
 * @throws Disconnected when the connection is lost: the job runs on, `followJob` goes on with the log
 */
export function startJob(box: Box, job: Job, script: Script): AsyncGenerator<string, number | 'lost', void> {
	const start = [
		'set -e; umask 077',
		`mkdir -p ${folder(job)} ${secretsFolder(job)}`,
		...Object.entries(script.secrets).map(([name, secret]) => put(`${secretsFolder(job)}/${name}`, secret)),
		`printf %s ${quote(wrapper(job, script))} > ${folder(job)}/script`,
		`: > ${folder(job)}/log`,
		`systemd-run --quiet --collect --unit=${unit(job)} --description=${quote(`boxwizard: ${job.step}`)} \
			-p StandardOutput=append:${folder(job)}/log -p StandardError=append:${folder(job)}/log \
			/bin/bash ${folder(job)}/script`,
	].join('\n');
	return follow(box, job, 0, start);
}

/** Re-attaches to a job: its log from line `seen` on (0 for all), and its exit code. @throws Disconnected */
export function followJob(box: Box, job: Job, seen: number): AsyncGenerator<string, number | 'lost', void> {
	return follow(box, job, seen, '');
}

/** How a job stands. One round trip. */
export async function jobState(box: Box, job: Job): Promise<JobState> {
	const {stdout} = await box.run(
		`if [ ! -d ${folder(job)} ]; then echo absent
elif [ -f ${folder(job)}/exit ]; then cat ${folder(job)}/exit
elif systemctl is-active --quiet ${unit(job)}; then echo running
else echo lost; fi`,
	);
	const word = stdout.trim();
	if (word === 'absent' || word === 'running' || word === 'lost') return word;
	return Number(word);
}

async function* follow(box: Box, job: Job, seen: number, start: string): AsyncGenerator<string, number | 'lost', void> {
	const lines = box.follow(`${start}
cd ${folder(job)} || exit 1
pid=$(systemctl show -P MainPID ${unit(job)})
if [ "$pid" != 0 ]; then set -- -f -s 0.05 --pid="$pid"; fi
exec tail -n +${seen + 1} "$@" log`);
	const end = new RegExp(`^${job.id} exit (\\d+)$`);
	for await (const line of lines) {
		const ended = end.exec(line);
		if (ended) return Number(ended[1]);
		yield line;
	}
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
printf %s "$code" > ${folder(job)}/exit.new
sync ${folder(job)}/exit.new
mv ${folder(job)}/exit.new ${folder(job)}/exit
printf '\\n%s exit %s\\n' ${job.id} "$code"
exit "$code"
`;
}

function put(path: string, secret: Secret): string {
	return `printf %s ${quote(secret.reveal())} > ${path}`;
}
