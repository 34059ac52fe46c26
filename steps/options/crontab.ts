/** Fields of a line of crontab(5), in their order: from the least to the greatest number, and names for numbers. */
const fields = [
	{title: 'minute', least: 0, greatest: 59, names: []},
	{title: 'hour', least: 0, greatest: 23, names: []},
	{title: 'day of the month', least: 1, greatest: 31, names: []},
	{
		title: 'month',
		least: 1,
		greatest: 12,
		names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
	},
	// 7 is Sunday too.
	{title: 'day of the week', least: 0, greatest: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']},
] as const;

type Field = (typeof fields)[number];

/** What stands for five fields (crontab(5), “Extensions”). */
const nicknames: Readonly<Record<string, string>> = {
	'@hourly': '0 * * * *',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@weekly': '0 0 * * 0',
	'@monthly': '0 0 1 * *',
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A job at fixed times, as a line of a crontab says it. */
export type Schedule = {
	/** Each as OnCalendar= has it (systemd.time(7)), in UTC: the job is run at the times of all of them. */
	readonly calendar: readonly string[];
	readonly command: string;
};

/**
 * Reads a line of a crontab: five fields or a nickname, then the command. In a crontab a % is written `\%`, and a bare one begins what the
 * command reads (crontab(5)): who brings a line from there brings the backslash, and a bare one is meant as it stands. Answers what is wrong
 * with it, in words, where it is none. Pure.
 */
export function readSchedule(line: string): Schedule | {readonly problem: string} {
	const [, nickname, given, command = ''] = /^(?:(@\w+)|((?:\S+\s+){4}\S+))\s+(\S.*)$/.exec(line.trim()) ?? [];
	const text = nickname === undefined ? given : nicknames[nickname.toLowerCase()];
	if (nickname !== undefined && text === undefined)
		return {problem: `${nickname} is no time. There are ${Object.keys(nicknames).join(', ')}`};
	if (text === undefined) return {problem: 'Five fields of a crontab, then the command: 0 3 * * * flask clean-up'};
	const words = text.split(/\s+/);
	const read = fields.map((field, index) => readField(words[index] ?? '', field));
	const wrong = read.indexOf(undefined);
	if (wrong !== -1) return {problem: `“${words[wrong]}” is no ${fields[wrong]?.title}`};
	return {calendar: calendarOf(words, read as number[][]), command: command.replaceAll('\\%', '%')};
}

/** The numbers that a field stands for, sorted; undefined where it is none. */
function readField(text: string, field: Field): number[] | undefined {
	const parts = text
		.toLowerCase()
		.split(',')
		.map(part => readPart(part, field));
	if (parts.some(part => part === undefined)) return undefined;
	const numbers = parts.flatMap(part => part ?? []).map(number => (field.greatest === 7 ? number % 7 : number));
	return [...new Set(numbers)].sort((one, other) => one - other);
}

/** '*', '*' with a step, '5', '1-5', '1-31/2'. */
function readPart(part: string, {least, greatest, names}: Field): number[] | undefined {
	const [, whole, from, to, step = '1'] = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
	const number = (word: string) => {
		const name = (names as readonly string[]).indexOf(word);
		return name === -1 ? (/^\d{1,2}$/.test(word) ? Number(word) : Number.NaN) : name + least;
	};
	// A single number with a step goes on to the end, as cron has it.
	const first = whole ? least : number(from ?? '');
	const last = whole ? greatest : to === undefined ? (part.includes('/') ? greatest : first) : number(to);
	const every = Number(step);
	const fits = first >= least && last <= greatest && first <= last && every > 0;
	if (!fits) return undefined;
	return Array.from({length: Math.floor((last - first) / every) + 1}, (_, index) => first + index * every);
}

/** Where both days are named, cron takes either; OnCalendar= would want both, so there are two of it. */
function calendarOf(
	words: readonly string[],
	[minutes = [], hours = [], days = [], months = [], week = []]: number[][],
): string[] {
	const list = (numbers: readonly number[], {least, greatest}: Field) =>
		numbers.length === greatest - least + 1 ? '*' : numbers.map(number => String(number).padStart(2, '0')).join(',');
	const time = `${list(hours, fields[1])}:${list(minutes, fields[0])}:00 UTC`;
	const on = (name: string, day: string) => `${name}*-${list(months, fields[3])}-${day} ${time}`;
	const named = `${week.map(day => weekdays[day]).join(',')} `;
	const anyDay = (word: string | undefined) => word?.startsWith('*') ?? true;
	const [ofMonth, ofWeek] = [list(days, fields[2]), week.length === 7 ? '' : named];
	if (anyDay(words[2]) || anyDay(words[4])) return [on(ofWeek, ofMonth)];
	return [on('', ofMonth), on(named, '*')];
}
