import {setTimeout as sleep} from 'node:timers/promises';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {type Job, jobUnit} from '../../../source/remote/jobs.ts';
import type {Point} from './point.ts';
import {isBehind, isDpkgLine, isLine, isWork, type StepProfile} from './profile.ts';
import type {Told, Wizard} from './wizard.ts';

/**
 * 'met': cut off there. 'missed': cut off, but dpkg had nothing in hand, or the job had ended. 'passed': the step was behind before its moment came,
 * and the wizard goes on. 'ended': the wizard had come to its end.
 */
export type Strike = 'met' | 'missed' | 'passed' | 'ended';

/** Waits until a wizard is at a point, and cuts it off there. */
export async function strike(wizard: Wizard, box: PracticeBox, point: Point, step: StepProfile): Promise<Strike> {
	const reached = await arrive(wizard, box, point, step);
	if (reached !== 'met') return reached;
	switch (point.kind) {
		case 'power':
			await cutPower(wizard, box);
			return 'met';
		case 'dpkg':
			await cutPower(wizard, box);
			return (await box.console('dpkg --audit')) === '' ? 'missed' : 'met';
		case 'job':
			return await killJob(box, jobOf(wizard, point.step));
		case 'connection':
			await box.console(cutConnections);
			return 'met';
		case 'reboot':
			await box.reboot();
			return 'met';
		case 'boundary':
		case 'start':
		case 'moment':
		case 'line':
		case 'unheard':
			await wizard.kill();
			return 'met';
	}
}

/** Ends each session of sshd's, and not the process that listens (its title begins with a path). */
const cutConnections = "pkill -KILL -f '^sshd(-session)?: [a-z]' || true";

/** The newest job of a step that a wizard has told of. */
function jobOf(wizard: Wizard, step: string): Job {
	const jobs = wizard.told.flatMap(told => (told.event === 'running' && told.step === step ? [told.job] : []));
	return {id: jobs.at(-1) ?? '', step};
}

/** SIGKILL, to it and to whatever it has started. One that has ended by then is missed. */
async function killJob(box: PracticeBox, job: Job): Promise<Strike> {
	const said = await box.console(`systemctl kill --signal=KILL ${jobUnit(job)} && echo killed || true`);
	return said.includes('killed') ? 'met' : 'missed';
}

/** The box loses its power and gets it back; the wizard is gone too. */
export async function cutPower(wizard: Wizard, box: PracticeBox): Promise<void> {
	await box.kill();
	await wizard.kill();
	await box.boot();
	// Whoever comes again comes when it is up: until then pam_nologin(8) lets only root in.
	await box.console('systemctl is-system-running --wait || true');
}

async function arrive(wizard: Wizard, box: PracticeBox, point: Point, profile: StepProfile): Promise<Strike> {
	const {step, kind, share} = point;
	const behind = wizard.first(told => isBehind(told, step));
	const unlessBehind = async (reached: Promise<unknown>): Promise<Strike> =>
		await Promise.race([
			reached.then(one => (one === undefined ? 'ended' : 'met')),
			behind.then(one => (one ? 'passed' : 'ended')),
		]);
	switch (kind) {
		case 'boundary':
			return (await behind) ? 'met' : 'ended';
		case 'start':
			return await unlessBehind(wizard.first(told => told.event === 'running' && told.step === step));
		case 'line':
		case 'job':
		case 'connection':
		case 'reboot':
			return await unlessBehind(wizard.first(nth(share * profile.lines, told => isLine(told, step))));
		case 'dpkg':
			return await unlessBehind(
				wizard.first(nth(share * profile.packages, told => isLine(told, step) && isDpkgLine(told))),
			);
		case 'unheard':
			return await unheard(wizard, box, step, unlessBehind);
		case 'moment':
		case 'power': {
			const begun = await unlessBehind(wizard.first(told => isWork(told, step)));
			if (begun !== 'met') return begun;
			return await unlessBehind(sleep(share * profile.seconds * 1000, true));
		}
	}
}

/** Takes the nth event of a kind, from 1 on. */
export function nth(place: number, wanted: (told: Told) => boolean): (told: Told) => boolean {
	let left = Math.max(1, Math.ceil(place));
	return told => wanted(told) && --left === 0;
}

/** The wizard is frozen once its job is at work, and stays so until the job has ended: that it never hears. */
async function unheard(
	wizard: Wizard,
	box: PracticeBox,
	step: string,
	unlessBehind: (reached: Promise<unknown>) => Promise<Strike>,
): Promise<Strike> {
	const begun = await unlessBehind(wizard.first(told => isLine(told, step)));
	if (begun !== 'met') return begun;
	wizard.freeze();
	await box.console(
		`timeout 600 bash -c 'until [ -e /var/lib/boxwizard/jobs/${jobOf(wizard, step).id}/exit ]; do sleep 0.02; done'`,
	);
	return 'met';
}
