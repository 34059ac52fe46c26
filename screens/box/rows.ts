import stringWidth from 'string-width';
import type {AppStatus, BoxStatus} from '../../source/contract/status.ts';
import {bytes} from '../parts/facts.tsx';
import type {Marks} from '../parts/theme.ts';

/** An app as a row of the table; cells as they are shown. */
export type AppRow = {
	readonly name: string;
	readonly domain: string;
	readonly state: string;
	/** The state as a word, for those who listen. */
	readonly word: AppStatus['state'];
	/** The version that is live: its commit, and the title of that. */
	readonly commit: string;
	readonly title: string;
	readonly memory: string;
	readonly certificate: string;
};

/** Widths of the columns, in cells, and the blanks between two of them. */
export type Widths = Readonly<Record<'name' | 'domain' | 'state' | 'version' | 'memory' | 'certificate', number>>;

export const gap = 2;
/** What every state, memory and number of days fits into: they change while one looks, and nothing may jump. */
const fixed = {state: 13, memory: 7, certificate: 5} as const;
/** A commit alone, and with so much of its title that it says something. */
const version = {id: 7, withTitle: 20} as const;
/** In front of each row. */
const pointerWidth = 2;

const day = 86_400_000;
/** Days before its end from which a certificate wants somebody to look. */
const soon = 15;

/** A span as short as it can be said: '<1 min', '4 min', '3 h', '12 d'. @param milliseconds */
export function span(milliseconds: number): string {
	const minutes = Math.floor(milliseconds / 60_000);
	if (minutes < 1) return '<1 min';
	if (minutes < 60) return `${minutes} min`;
	if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
	return `${Math.floor(minutes / (24 * 60))} d`;
}

/** The first digits of a commit, as git shows them. */
export const shortId = (id: string): string => id.slice(0, 7);

/** @param now milliseconds */
export function rowOf(app: AppStatus, now: number, marks: Marks): AppRow {
	const {name, domain = '', state, since, version: live, memory, certificateExpires} = app;
	const mark = {up: marks.done, starting: marks.current, down: marks.failed, unknown: '?'}[state];
	const known = since !== undefined && state !== 'starting' && state !== 'unknown';
	return {
		name,
		domain,
		state: [mark, state, ...(known ? [span(now - Date.parse(since))] : [])].join(' '),
		word: state,
		commit: live === undefined ? marks.off : shortId(live.id),
		title: live?.title ?? '',
		memory: memory === undefined || state === 'down' ? marks.off : bytes(memory),
		certificate: certificateExpires === undefined ? marks.off : daysLeft(certificateExpires, now, marks),
	};
}

function daysLeft(expires: string, now: number, {attention}: Marks): string {
	const days = Math.floor((Date.parse(expires) - now) / day);
	if (days < 0) return `${attention} over`;
	return days < soon ? `${attention} ${days} d` : `${days} d`;
}

/** The columns in `width` cells: names and domains are whole where they can be, and the version takes what is left. */
export function widthsOf(rows: readonly AppRow[], width: number): Widths {
	const longest = (cell: 'name' | 'domain') => Math.max(4, ...rows.map(row => stringWidth(row[cell])));
	const name = Math.min(16, longest('name'));
	const taken = pointerWidth + name + fixed.state + fixed.memory + fixed.certificate + 5 * gap;
	const left = Math.max(version.id + 8, width - taken);
	const domain = Math.min(longest('domain'), Math.max(8, left - version.id));
	const forVersion = left - domain;
	// Two words of a title say less than none.
	return {...fixed, name, domain, version: forVersion < version.withTitle ? version.id : forVersion};
}

/** The version in a column of that width: the commit, and its title where there is room for one. */
export const versionIn = ({commit, title}: Pick<AppRow, 'commit' | 'title'>, width: number): string =>
	width > version.id && title !== '' ? `${commit} ${title}` : commit;

/** A text in exactly so many cells; one that is longer ends in `ellipsis`. */
export function cellOf(text: string, width: number, ellipsis: string, align: 'left' | 'right' = 'left'): string {
	let kept = text;
	if (stringWidth(text) > width) {
		const characters = [...text];
		while (characters.length > 0 && stringWidth(characters.join('') + ellipsis) > width) characters.pop();
		kept = characters.join('') + ellipsis;
	}

	const blanks = ' '.repeat(Math.max(0, width - stringWidth(kept)));
	return align === 'left' ? kept + blanks : blanks + kept;
}

/** Parts in as few lines as `width` allows, each whole. */
export function linesOf(parts: readonly string[], width: number): readonly string[] {
	const lines: string[] = [];
	for (const part of parts) {
		const longer = lines.length === 0 ? part : `${lines.at(-1)}${between}${part}`;
		if (lines.length === 0 || stringWidth(longer) > width) lines.push(part);
		else lines[lines.length - 1] = longer;
	}

	return lines;
}

const between = '   ';

/** Share of something that is used, in whole percent. */
const used = (whole: number, free: number): number => (whole > 0 ? Math.round((100 * (whole - free)) / whole) : 0);

/** What is to be said of the box itself, in parts; those that want somebody begin with a mark. @param now milliseconds */
export function boxParts(
	{apps, checked, disk, memory, updates, rebootPending}: BoxStatus,
	now: number,
	marks: Marks,
): readonly string[] {
	const failed = apps.flatMap(({jobs = []}) => jobs.filter(({state}) => state === 'failed' || state === 'off')).length;
	const full = used(disk.size, disk.free);
	return [
		...(failed > 0 ? [`${marks.attention} ${failed === 1 ? '1 job fails' : `${failed} jobs fail`}`] : []),
		checkedWords(checked, now, marks),
		`${full >= 90 ? `${marks.attention} ` : ''}disk ${full} %`,
		`memory ${used(memory.total, memory.available)} %`,
		...(updates > 0 ? [`${updates} ${updates === 1 ? 'update waits' : 'updates wait'}`] : []),
		...(rebootPending ? [`${marks.attention} a reboot is pending`] : []),
	];
}

function checkedWords(checked: BoxStatus['checked'], now: number, marks: Marks): string {
	if (checked === undefined) return 'not checked yet';
	const ago = `checked ${span(now - Date.parse(checked.at))} ago`;
	if (checked.differing === 0) return `${marks.done} ${ago}`;
	return `${marks.attention} ${checked.differing} ${checked.differing === 1 ? 'differs' : 'differ'}, ${ago}`;
}
