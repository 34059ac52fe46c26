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

/** Shell text that does what `text` says of the program that is live: which one that is, the box sees as it does so. */
export function ofLiveProgram(app: string, text: (program: string) => string): string {
	return `if [ -e ${secondIsLive(app)} ]; then
${text(slotProgram(app, 'second'))}
else
${text(slotProgram(app, 'first'))}
fi`;
}

/** Shell text that prints the name of the program that is live. */
export function liveProgram(app: string): string {
	return `if [ -e ${secondIsLive(app)} ]; then echo ${slotProgram(app, 'second')}; else echo ${slotProgram(app, 'first')}; fi`;
}

/** How an app's slots stand. */
export type SlotsState = {
	readonly live: Slot;
	/** The folder of the release that is served; '' for none. */
	readonly release: string;
	/** That of one that is made ready, and is not live yet; '' for none. */
	readonly prepared: string;
	/** Its releases are served by way of slots: they are not, on a box of an earlier version. */
	readonly isLaidOut: boolean;
	/** Its site goes by the slot that is live. Without (another web server hands it its visitors) it has to stay on its first port. */
	readonly isRouted: boolean;
	/** How the last switch went: 'live', or 'back'; '' where that is not known (yet). */
	readonly verdict: string;
	/** Something is at work that stops the slot that is live no more. */
	readonly isSettling: boolean;
};

/** One question: a box with several apps is asked it for each of them. @param elsewhere configurations of another process manager, by slot */
export async function readSlots(
	$: Probe,
	app: string,
	elsewhere: Readonly<Record<Slot, string>>,
): Promise<SlotsState & {readonly isElsewhere: Readonly<Record<Slot, boolean>>}> {
	const {live, current, next} = pathsOf(app);
	const answer = await $`echo "release $(readlink -e ${current})"
if ! [ ${next} -ef ${current} ]; then echo "prepared $(readlink -e ${next})"; fi
if [ -e ${secondIsLive(app)} ]; then echo second; fi
if [ -e ${live} ]; then echo laid-out; fi
if grep -qsF ${secondIsLive(app)} ${`/etc/nginx/sites-enabled/${app}`}; then echo routed; fi
if [ -e ${elsewhere.first} ]; then echo first-elsewhere; fi
if [ -e ${elsewhere.second} ]; then echo second-elsewhere; fi
echo "verdict $(cat ${verdictOf(app)})"
if systemctl is-active --quiet ${settlerOf(app)}; then echo settling; fi`;
	const lines = new Set(answer.split('\n'));
	const after = (word: string) =>
		/^\S+ (.*)$/.exec([...lines].find(line => line.startsWith(`${word} `)) ?? '')?.[1] ?? '';
	return {
		live: lines.has('second') ? 'second' : 'first',
		release: after('release'),
		prepared: after('prepared'),
		isLaidOut: lines.has('laid-out'),
		isRouted: lines.has('routed'),
		verdict: after('verdict'),
		isSettling: lines.has('settling'),
		isElsewhere: {first: lines.has('first-elsewhere'), second: lines.has('second-elsewhere')},
	};
}

/** The slot that is not live still runs, and nothing is about to stop it: a deploy was killed, or the box lost power. */
export function lingers({
	live,
	isSettling,
	programs,
}: Pick<SlotsState, 'live' | 'isSettling'> & {
	readonly programs: Readonly<Record<Slot, {readonly running: string}>>;
}): boolean {
	return !isSettling && programs[otherSlot(live)].running !== 'no';
}

/** Where that writes how it went: 'live', or 'back', until the next reboot. */
export const verdictOf = (app: string) => `/run/boxwizard/verdict-${app}`;

/** The unit that settles the slots of an app. */
export const settlerOf = (app: string) => `boxwizard-settle-${app}`;
