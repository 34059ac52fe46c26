import {rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {BoxDue} from '../../contract/due.ts';
import {Trouble} from '../../contract/trouble.ts';
import {writeCalendar} from '../../reminders/calendar.ts';
import {runProgram, type Scheduler, schedule, unschedule} from '../../reminders/schedule/index.ts';
import type {Way} from '../../reminders/tell.ts';
import {openMemory, ownFolder} from '../../renewals/memory.ts';
import {forgetProgram, scheduledWords} from '../terminal/schedule-words.ts';
import {lookAtDues} from './dues.ts';
import {watchedBoxes} from './watched-boxes.ts';

/** The ways to the person, the better one first. */
export async function ways(): Promise<Way[]> {
	const [{showOnDesktop}, {mailLocally}] = await Promise.all([
		import('../../reminders/desktop.ts'),
		import('../../reminders/local-mail.ts'),
	]);
	return [
		{name: 'desktop', tell: showOnDesktop},
		{name: 'mail', tell: mailLocally},
	];
}

/** What reminds from now on. */
export type Reminding = {
	readonly scheduler: Scheduler;
	/** Path of the calendar file. */
	readonly calendar: string;
	/** All boxes, as they were just seen. */
	readonly boxes: readonly BoxDue[];
};

/** Has the check run every day from now on, and writes the calendar. May be repeated. @throws Trouble where nothing runs programs by the clock */
export async function installReminders(calendar?: string): Promise<Reminding> {
	const scheduler = await schedule(runProgram, scheduledWords);
	const memory = openMemory();
	const path = resolve(calendar ?? memory.read().calendar ?? join(ownFolder(), 'boxwizard.ics'));
	memory.update(before => ({...before, calendar: path}));
	return {scheduler, calendar: path, boxes: await lookAtAll(path)};
}

/** Takes away the schedule, the calendar file, and what was remembered; answers the names of the schedulers that had it. May be repeated. */
export async function removeReminders(): Promise<readonly string[]> {
	const removed = await unschedule(runProgram);
	const memory = openMemory();
	const {calendar} = memory.read();
	if (calendar !== undefined) rmSync(calendar, {force: true});
	rmSync(memory.path, {force: true});
	forgetProgram();
	return removed;
}

/** What came of a reminder of nothing. */
export type Tried = {readonly way: string; readonly works: boolean; readonly problem?: string};

/** Sends a reminder of nothing by every way, so that one knows which of them arrive. */
export async function tryReminders(): Promise<readonly Tried[]> {
	const trial = {title: 'boxwizard can remind you', body: 'This is a test. Nothing ends today.'};
	const results: Tried[] = [];
	for (const {name, tell} of await ways()) {
		const problem = await tell(trial);
		results.push({way: name, works: problem === undefined, ...(problem !== undefined && {problem})});
	}

	return results;
}

/** Where none of the ways works. */
export function noWay(tried: readonly Tried[]): Trouble {
	return new Trouble({
		what: 'No reminder would reach you on this machine, but in the calendar.',
		means: 'It shows no notifications and sends no mail; the daily check would print to nobody.',
		next: 'On Linux install libnotify-bin on a desktop, or a mail server; and take the calendar file into your calendar: boxwizard reminders list names it.',
		evidence: tried.map(({way, problem}) => `${way}: ${problem}`),
		code: 'no-way',
	});
}

/** Looks at all boxes from outside (the scheduler has no keys), and brings the calendar up to date. */
export async function lookAtAll(calendar: string | undefined): Promise<BoxDue[]> {
	const boxes = await lookAtDues(watchedBoxes([]), {});
	openMemory().update(before => ({...before, lastCheck: new Date().toISOString()}));
	if (calendar !== undefined) writeCalendar(calendar, boxes, Date.now());
	return boxes;
}
