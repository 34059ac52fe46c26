const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment found in a log line, and the line without it where it stood at its beginning. */
export type Stamped = {
	/** Milliseconds since 1970. */
	readonly time: number;
	readonly text: string;
};

type Form = {
	readonly pattern: RegExp;
	/** The parts of an ISO 8601 moment; '' as zone stands for the box's own. */
	readonly parts: (match: RegExpExecArray) => readonly [date: string, time: string, zone: string];
};

const two = (month: string): string => String(months.indexOf(month) + 1).padStart(2, '0');
const bracketed = '\\[?(\\d{4})-(\\d\\d)-(\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)(?:[.,](\\d{1,9}))?';

/** How the programs of a box write the time. */
const forms: readonly Form[] = [
	// Python's logging, supervisor, gunicorn, rsyslog: '2026-11-21 03:22:51,102', '[2026-11-21 03:22:51 +0000]', '2026-11-21T03:22:51.1+00:00'.
	{
		pattern: new RegExp(`^${bracketed}(?: ?([+-]\\d\\d:?\\d\\d|Z))?\\]?:?\\s*`),
		parts: ([, year, month, day, time, fraction = '0', zone = '']) => [
			`${year}-${month}-${day}`,
			`${time}.${fraction.slice(0, 3).padEnd(3, '0')}`,
			zone,
		],
	},
	// nginx's error log: '2026/11/21 03:23:59'.
	{
		pattern: /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\s*/,
		parts: ([, year, month, day, time]) => [`${year}-${month}-${day}`, `${time}.000`, ''],
	},
	// Access logs, nginx's and gunicorn's: '… [21/Nov/2026:03:23:59 +0000] …'.
	{
		pattern: /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] ?/,
		parts: ([, day, month = '', year, time, zone = '']) => [`${year}-${two(month)}-${day}`, `${time}.000`, zone],
	},
];

/** 'Nov 21 03:23:24', as syslog wrote it for decades: without a year. */
const syslog = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)\s+/;
/** '03:23:24', as RQ's worker writes it: the last such moment. */
const clock = /^(\d\d:\d\d:\d\d)\s+(?=\S)/;
/** journalctl --output=short-unix: '1795231431.102334'. */
const unix = /^(\d{9,11}\.\d{3})\d*\s+/;

/**
 * Finds the moment a log line tells. Lines without one (a traceback's) belong to the one before.
 * @param zone the box's own, as `date +%z` says it: '+0100'
 * @param now milliseconds; a syslog line is of the last twelve months
 */
export function stamped(line: string, zone: string, now: number): Stamped | undefined {
	const counted = unix.exec(line);
	if (counted) return {time: Number(counted[1]) * 1000, text: line.slice(counted[0].length)};
	for (const {pattern, parts} of forms) {
		const match = pattern.exec(line);
		if (!match) continue;
		const [date, time, own] = parts(match);
		const moment = Date.parse(`${date}T${time}${withColon(own || zone)}`);
		if (!Number.isNaN(moment)) return {time: moment, text: line.replace(match[0], '')};
	}

	return fromSyslog(line, zone, now) ?? fromClock(line, zone, now);
}

function fromClock(line: string, zone: string, now: number): Stamped | undefined {
	const [whole, time] = clock.exec(line) ?? [];
	if (whole === undefined) return undefined;
	const today = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${time}${withColon(zone)}`);
	if (Number.isNaN(today)) return undefined;
	// A minute of grace, for clocks that differ; the zone may put it a day ahead.
	const days = Math.ceil((today - now - 60_000) / 86_400_000);
	return {time: today - Math.max(0, days) * 86_400_000, text: line.slice(whole.length)};
}

function fromSyslog(line: string, zone: string, now: number): Stamped | undefined {
	const match = syslog.exec(line);
	const [whole = '', month = '', day = '', time = ''] = match ?? [];
	if (!match || !months.includes(month)) return undefined;
	const moment = (year: number) =>
		Date.parse(`${year}-${two(month)}-${day.padStart(2, '0')}T${time}${withColon(zone)}`);
	const year = new Date(now).getUTCFullYear();
	// A day of grace, for clocks that differ.
	const thisYear = moment(year);
	const found = thisYear > now + 86_400_000 ? moment(year - 1) : thisYear;
	return Number.isNaN(found) ? undefined : {time: found, text: line.slice(whole.length)};
}

/** '+0100' as ISO 8601 has it in Date.parse: '+01:00'. */
function withColon(zone: string): string {
	return zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
}
