import {existsSync, readFileSync} from 'node:fs';
import ical, {ICalAlarmType, ICalCalendarMethod, ICalEventTransparency} from 'ical-generator';
import {type BoxDue, type Due, dayOf, reminderDays} from '../contract/due.ts';
import {writeWhole} from '../state/atomic-write.ts';

/** Seconds. */
const day = 86_400;

/**
 * A calendar (RFC 5545) of all ends, each with an alarm on every reminder's day. An event keeps its UID when its date moves, so
 * that a calendar that takes the file in again moves it too. @param now milliseconds
 */
export function calendarOf(boxes: readonly BoxDue[], now: number): string {
	const calendar = ical({
		name: 'boxwizard',
		prodId: {company: 'boxwizard', product: 'reminders', language: 'EN'},
		method: ICalCalendarMethod.PUBLISH,
	});
	for (const box of boxes) {
		for (const [kind, dues] of Map.groupBy(box.dues, due => due.kind)) {
			if (kind === 'reboot') continue;
			for (const [index, due] of dues.entries()) calendar.createEvent(eventOf(box, due, index, now));
		}
	}

	return `${calendar.toString().trimEnd()}\r\n`;
}

function eventOf(box: BoxDue, due: Due, index: number, now: number) {
	const start = new Date(due.on);
	return {
		id: `${due.kind}-${index}-${encodeURIComponent(box.host)}@boxwizard`,
		start,
		end: new Date(start.getTime() + 1800_000),
		stamp: new Date(now),
		summary: `${box.label}: ${due.what} ends`,
		description: `Seen by boxwizard. See all dates: boxwizard renewals ${box.host}`,
		transparency: ICalEventTransparency.TRANSPARENT,
		alarms: reminderDays.map(days => ({
			type: ICalAlarmType.display,
			triggerBefore: days * day,
			description: `${box.label}: ${due.what} ends on ${dayOf(due.on)}`,
		})),
	};
}

/** Writes the calendar where its dates are not those that stand there; answers whether it did. @throws as node:fs */
export function writeCalendar(path: string, boxes: readonly BoxDue[], now: number): boolean {
	const text = calendarOf(boxes, now);
	if (existsSync(path) && withoutStamps(readFileSync(path, 'utf8')) === withoutStamps(text)) return false;
	writeWhole(path, text);
	return true;
}

/** Only the moment of writing differs where nothing has moved. */
function withoutStamps(text: string): string {
	return text.replaceAll(/^DTSTAMP:.*$/gm, '');
}
