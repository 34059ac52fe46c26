import {type BoxDue, dayOf, daysUntil, daysWords, reminderDays} from '../../../contract/due.ts';
import {remindersOf} from '../../../reminders/reminder.ts';
import {runProgram, scheduled} from '../../../reminders/schedule/index.ts';
import {tell} from '../../../reminders/tell.ts';
import {openMemory} from '../../../renewals/memory.ts';
import {rememberedDues} from '../../boxes/remembered-dues.ts';
import {installReminders, lookAtAll, noWay, removeReminders, tryReminders, ways} from '../../boxes/reminding.ts';
import {exitCodes, note, print, printJson} from '../../terminal/output.ts';
import {columns} from './hosts.ts';

export type ReminderFlags = {readonly json?: boolean};

/** What a scheduler gives along: which one it is, and where this person's files are. */
export type CheckFlags = ReminderFlags & {readonly from?: string; readonly home?: string};

/** Has the check run every day from now on, and writes the calendar. May be repeated. */
export async function install({calendar: named, json}: ReminderFlags & {readonly calendar?: string}): Promise<void> {
	const {scheduler, calendar, boxes} = await installReminders(named);
	if (json) return printJson({event: 'installed', scheduler: scheduler.name, when: scheduler.when, calendar});
	print(`Schedule   ${scheduler.name} looks at your ${boxes.length} boxes: ${scheduler.when}.`);
	print(`Calendar   ${calendar}: take it into your calendar once, as a subscription or by import.`);
	print(
		`You hear   ${reminderDays.join(', ')} days before something ends, once each. Try it: boxwizard reminders test`,
	);
}

/** Shows how reminders stand, from what is remembered: nothing is looked at. */
export async function list({json}: ReminderFlags): Promise<void> {
	const scheduler = await scheduled(runProgram);
	const memory = openMemory().read();
	const boxes = rememberedDues();
	if (json) {
		const {lastCheck, calendar, told} = memory;
		return printJson({event: 'reminders', scheduler: scheduler?.name ?? null, lastCheck, calendar, told, boxes});
	}

	print(
		scheduler
			? `Schedule   ${scheduler.name}: ${scheduler.when}.`
			: 'Nothing is scheduled: boxwizard reminders install',
	);
	print(
		`Last look  ${memory.lastCheck === undefined ? 'never' : `${memory.lastCheck.slice(0, 16).replace('T', ' ')} UTC`}`,
	);
	if (scheduler && isStale(memory.lastCheck))
		print('! It has not looked for days. Has Node or boxwizard moved? Run: boxwizard reminders install');
	if (memory.calendar !== undefined) print(`Calendar   ${memory.calendar}`);
	for (const line of columns(boxes.flatMap(box => comingRows(box, memory.told)))) print(line);
}

/** Whether a daily look has been missed more than once: a machine may sleep for a weekend. */
function isStale(lastCheck: string | undefined): boolean {
	return lastCheck !== undefined && daysUntil(lastCheck, Date.now()) < -3;
}

/** Each date with the day of its next reminder. */
function comingRows(box: BoxDue, told: Readonly<Record<string, string>>): string[][] {
	return box.dues
		.filter(({kind}) => kind !== 'reboot')
		.map(due => {
			const next = reminderDays.find(days => days < due.days);
			const at = next === undefined ? '' : dayOf(new Date(Date.parse(due.on) - next * 86_400_000).toISOString());
			const heard = Object.keys(told).filter(key => key.startsWith(`${due.kind} ${box.host} ${due.on} `)).length;
			return [
				box.label,
				due.what,
				daysWords(due),
				next === undefined ? 'no further reminder' : `next reminder ${at}`,
				heard > 0 ? `${heard} told` : '',
			];
		});
}

/** Sends a reminder of nothing by every way, so that one knows which of them arrive. @throws Trouble where none does */
export async function test({json}: ReminderFlags): Promise<void> {
	const results = await tryReminders();
	for (const result of results) {
		if (json) printJson({event: 'way', ...result});
		else
			print(`${result.works ? 'sent    ' : 'not sent'}  ${result.way}${result.problem ? `: ${result.problem}` : ''}`);
	}

	if (results.some(({works}) => works)) return;
	throw noWay(results);
}

/** Takes away the schedule, the calendar file, and what was remembered. May be repeated. */
export async function remove({json}: ReminderFlags): Promise<void> {
	const removed = await removeReminders();
	if (json) return printJson({event: 'removed', schedulers: removed});
	print(removed.length > 0 ? `Removed from ${removed.join(' and ')}.` : 'There were no reminders.');
}

/** Looks now, and tells what has come due: what the scheduler runs. */
export async function check({from, home, json}: CheckFlags): Promise<void> {
	if (home !== undefined) process.env.BOXWIZARD_HOME = home;
	const memory = openMemory();
	const boxes = await lookAtAll(memory.read().calendar);
	const reminders = remindersOf(boxes, memory.read().told);
	const told = await tell(reminders, {
		ways: await ways(),
		memory,
		now: Date.now,
		print: json ? () => undefined : print,
		// Nobody reads a journal, and what cron is given it mails by that mail server which did not take it just now.
		isRead: from === undefined,
	});
	if (json) for (const {reminder, by} of told) printJson({event: 'reminder', ...reminder, by});
	else if (from === undefined) note(told.length === 0 ? 'Nothing new is due.' : `${told.length} told.`);
	if (told.length > 0 && from === undefined) process.exitCode = exitCodes.differs;
}
