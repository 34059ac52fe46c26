import {setTimeout as sleep} from 'node:timers/promises';
import type {PracticeBox} from '../../../source/practice/index.ts';
import type {Point} from './point.ts';
import {isBehind, isDpkgLine, isLine, isWork, type StepProfile} from './profile.ts';
import type {Told, Wizard} from './wizard.ts';

/**
 * 'met': cut off there. 'missed': cut off, but dpkg had nothing in hand. 'passed': the step was behind before its moment came,
 * and the wizard goes on. 'ended': the wizard had come to its end.
 */
export type Strike = 'met' | 'missed' | 'passed' | 'ended';

/** Waits until a wizard is at a point, and cuts it off there. */
export async function strike(wizard: Wizard, box: PracticeBox, point: Point, step: StepProfile): Promise<Strike> {
	const reached = await arrive(wizard, box, point, step);
	if (reached !== 'met') return reached;
	if (point.kind !== 'power' && point.kind !== 'dpkg') {
		await wizard.kill();
		return 'met';
	}

	await cutPower(wizard, box);
	return point.kind === 'power' || (await box.console('dpkg --audit')) !== '' ? 'met' : 'missed';
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
	const jobs = wizard.told.flatMap(told => (told.event === 'running' && told.step === step ? [told.job] : []));
	await box.console(
		`timeout 600 bash -c 'until [ -e /var/lib/boxwizard/jobs/${jobs.at(-1)}/exit ]; do sleep 0.02; done'`,
	);
	return 'met';
}
