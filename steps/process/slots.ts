import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';

/**
 * An app's server has two slots, each with a port and a program of its own. One is live; a new version starts in the other, beside it.
 * Which one is live is told by one link, so that it changes in one move, and is the same for nginx, systemd and whoever looks.
 */
export type Slot = 'first' | 'second';

export const slots: readonly Slot[] = ['first', 'second'];

export const otherSlot = (slot: Slot): Slot => (slot === 'first' ? 'second' : 'first');

/** The ports of an app's two slots, on the loopback. */
export type SlotPorts = {readonly appPort: number; readonly secondPort: number};

export function slotPort({appPort, secondPort}: SlotPorts, slot: Slot): number {
	return slot === 'first' ? appPort : secondPort;
}

/** What the program in a slot is called. That of the first one is named as the app. */
export function slotProgram(app: string, slot: Slot): string {
	return slot === 'first' ? app : `${app}-second`;
}

/** The link to the release that a slot runs. */
export function slotRelease(app: string, slot: Slot): string {
	return `${pathsOf(app).slots}/${slot}/release`;
}

/** A file that is there while the second slot is live. An app that was never deployed with slots has none: it is in the first. */
export function secondIsLive(app: string): string {
	return `${pathsOf(app).live}/second`;
}

/** While it is there, the program of a slot may run that is not live. In /run: after a reboot only the live one starts. */
export function candidateMark(app: string, slot: Slot): string {
	return `/run/boxwizard/candidate-${slotProgram(app, slot)}`;
}

export async function readLiveSlot($: Probe, app: string): Promise<Slot> {
	return (await $`[ -e ${secondIsLive(app)} ] && echo second`) === 'second' ? 'second' : 'first';
}

/** Shell text that prints the name of the program that is live. */
export function liveProgram(app: string): string {
	return `if [ -e ${secondIsLive(app)} ]; then echo ${slotProgram(app, 'second')}; else echo ${slotProgram(app, 'first')}; fi`;
}
