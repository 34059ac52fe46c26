import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {uvFolder} from '../steps/services/uv.ts';
import {answerOf, type BenchBox, secretOf} from './boxes.ts';
import {lookOver} from './look-over.ts';
import {medians, timed} from './measure.ts';
import {namesOf, takeFiles} from './set-up.ts';

/** How often each way of looking a box over is timed. */
const times = 5;

export type CheckTimes = {
	/** Seconds, medians. */
	readonly login: number;
	readonly script: number;
	readonly playbook: number;
	readonly boxwizard: number;
	/** After login. */
	readonly roundTrips: number;
	/** Tasks of the playbook. */
	readonly tasks: number;
};

/** Times `boxwizard check` of a finished box beside what one would do without it. */
export async function timeChecks(finished: BenchBox, folder: string): Promise<CheckTimes> {
	const {box, program, env, ssh} = finished;
	const {user} = namesOf(finished);
	const play = await playbook(finished, folder);
	// The first run may still change what the two ways write differently; the second finds nothing to do.
	await play();
	const {changed, tasks} = await play();
	if (changed > 0) throw new Error(`The playbook changes ${changed} things at each run`);
	const byHand = await script(finished);
	const seconds = await medians(times, {
		login: async () => (await timed({words: ['ssh', ...ssh, `${user}@${box.address}`, 'true']})).seconds,
		script: byHand,
		boxwizard: async () => (await timed({words: [process.execPath, program, 'check', box.address], env})).seconds,
		playbook: async () => (await play()).seconds,
	});
	return {...seconds, roundTrips: (await lookOver(finished, 'all apps')).roundTrips, tasks};
}

async function script(finished: BenchBox): Promise<() => Promise<number>> {
	const {box, identity, knownHosts} = finished;
	const {user, app} = namesOf(finished);
	const path = join(import.meta.dirname, 'by-hand', 'check.sh');
	const given = [box.address, box.domain, user, app, box.nameserver, box.acmeCa, identity, knownHosts];
	const input = `${await secretOf(finished, 'sudoPassword')}\n`;
	return async () => (await timed({words: ['bash', path, ...given], input})).seconds;
}

type Play = {readonly seconds: number; readonly changed: number; readonly tasks: number};

async function playbook(finished: BenchBox, folder: string): Promise<() => Promise<Play>> {
	const {box, ssh} = finished;
	const {user, app} = namesOf(finished);
	const files = join(folder, 'files');
	await takeFiles(finished, files, box.domain);
	const variables = join(folder, 'variables.json');
	const [email, repository, acme] = [answerOf(finished, 'email'), box.repository, box.acmeDirectory];
	const become = await secretOf(finished, 'sudoPassword');
	const given = {
		files,
		user,
		app,
		domain: box.domain,
		email,
		repository,
		acme,
		uv: uvFolder,
		ansible_become_password: become,
	};
	writeFileSync(variables, JSON.stringify(given), {mode: 0o600});
	const words: [string, ...string[]] = [
		'ansible-playbook',
		...['--inventory', `${box.address},`, '--user', user, `--ssh-common-args=${ssh.join(' ')}`],
		...['--extra-vars', `@${variables}`, join(import.meta.dirname, 'by-hand', 'playbook.yml')],
	];
	const env = {ANSIBLE_PIPELINING: 'true', ANSIBLE_NOCOLOR: '1', ANSIBLE_HOST_KEY_CHECKING: 'true'};
	return async () => {
		const {seconds, stdout} = await timed({words, env});
		const [, ok = '0', changed = '1'] = /ok=(\d+)\s+changed=(\d+)/.exec(stdout) ?? [];
		return {seconds, changed: Number(changed), tasks: Number(ok)};
	};
}
