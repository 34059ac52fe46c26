import {
	type BoxDue,
	type Due,
	dayOf,
	daysWords,
	renewalWords,
	type ServedName,
	wantsAttention,
} from '../../../contract/due.ts';
import {unreadableJournals} from '../../../state/journal.ts';
import {lookAtDues} from '../../boxes/dues.ts';
import {watchedBoxes} from '../../boxes/watched-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {exitCodes, note, print, printJson} from '../../terminal/output.ts';
import {columns} from './hosts.ts';

export type RenewalFlags = Pick<BoxFlags, 'plain' | 'json' | 'identity' | 'knownHosts' | 'resolver' | 'acmeCa'> & {
	/** False with --no-ssh. */
	readonly ssh?: boolean;
};

/** Prints all dates of the boxes that are named, or of all: exit code 2 where one wants a person. */
export async function renewals(hosts: readonly string[], flags: RenewalFlags): Promise<void> {
	const {connection} = await fromFlags(flags);
	const boxes = watchedBoxes(hosts);
	if (boxes.length === 0 && !flags.json)
		note('No boxes yet. Begin with: boxwizard setup root@HOST, or boxwizard practice');
	if (hosts.length === 0 && !flags.json)
		for (const {host, trouble} of unreadableJournals()) note(`! ${host} is left out: ${trouble.what}`);
	const dues = await lookAtDues(boxes, {
		...(flags.ssh !== false && {ssh: {connection}}),
		...(flags.json && {tell: box => printJson({event: 'box', ...box, attention: wantsAttention(box)})}),
	});
	if (!flags.json) for (const line of dueLines(dues)) print(line);
	if (dues.some(wantsAttention)) process.exitCode = exitCodes.differs;
}

/** All dates as a table, what ends first comes first; below it what is not as it should be, box by box. */
export function dueLines(boxes: readonly BoxDue[]): string[] {
	const rows = boxes.flatMap(box => box.dues.map(due => ({box, due})));
	const table = rows
		.toSorted((one, other) => one.due.days - other.due.days)
		.map(({box, due}) => [
			due.reminder === undefined ? 'ok ' : 'due',
			box.label,
			due.kind === 'certificate' ? 'certificate' : due.what,
			daysWords(due),
			dayOf(due.on),
			detailsOf(box, due),
		]);
	return [...(table.length > 0 ? columns(table) : []), ...boxes.flatMap(noteLines)];
}

function detailsOf(box: BoxDue, due: Due): string {
	if (due.kind !== 'certificate') return '';
	const shown = box.served.filter(({certificate}) => certificate?.expires === due.on);
	const issuer = shown[0]?.certificate?.issuer ?? '';
	const names = shown.map(({name}) => name).join(' ');
	return [issuer, names, renewalWords(box.renewal)].filter(text => text !== '').join(' · ');
}

function noteLines(box: BoxDue): string[] {
	return [
		...box.served.flatMap(problemOf),
		...(box.silent === undefined ? [] : [`?    ${box.label}: whether it renews by itself is not known: ${box.silent}`]),
		...box.unknown.map(line => `?    ${line}`),
	];
}

/** What is wrong with a certificate that is served, or why none is. */
function problemOf({name, problem, seen}: ServedName): string[] {
	if (problem === undefined) return [];
	return [`!    ${name}: ${problem}${seen === undefined ? '' : ` (last seen ${dayOf(seen)})`}`];
}
