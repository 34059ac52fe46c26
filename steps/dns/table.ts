import type {View} from '../../source/contract/outside.ts';
import type {DnsRecord} from '../../source/contract/step.ts';

/** The zone the records belong to: the one that answers, else the domain that is still to be registered. */
export function zoneOf(name: string, views: readonly View[]): string {
	return registeredZone(views) ?? name.split('.').slice(-2).join('.');
}

/** Records with what is to be done about them. */
export type Errand = {readonly task: string; readonly records: readonly DnsRecord[]};

/** What the person has to do: the records as tables. */
export function instructions(errands: readonly Errand[], zone: string): string[] {
	return errands
		.filter(({records}) => records.length > 0)
		.flatMap(({task, records}, index) => [...(index === 0 ? [] : ['']), task, ...table(records, zone)]);
}

/** Where the records belong, and what may stand in their way. `views` are of one of the names. */
export function advice(zone: string, views: readonly View[]): string[] {
	return [delegation(zone, views), 'A proxy in front of the box (an orange cloud) has to be off.'];
}

/** Who answers for the zone, and what to do to have someone else answer. */
function delegation(zone: string, views: readonly View[]): string {
	if (registeredZone(views) === undefined) {
		return `${zone} has no name servers yet: register it, or set its name servers at your registrar (your server’s provider often runs some for free).`;
	}

	const servers = views.map(({server}) => server).join(', ');
	return `${servers} ${views.length === 1 ? 'answers' : 'answer'} for ${zone}: make the records there. To have another provider answer, set its name servers at your registrar; this can take two days.`;
}

/** The zone that was asked; undefined where only its parent (a top-level domain) answers, which knows nothing of it. */
function registeredZone(views: readonly View[]): string | undefined {
	const zone = views[0]?.zone ?? '';
	return zone.includes('.') ? zone : undefined;
}

function table(records: readonly DnsRecord[], zone: string): string[] {
	const rows = records.map(({name, type, value, ttl}) => [type, relativeName(name, zone), value, String(ttl)]);
	return columns([['Type', 'Name', 'Value', 'TTL'], ...rows]);
}

/** Rows of cells as lines, each column as wide as its widest cell. */
function columns(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
	return rows.map(row =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** As DNS providers' forms want it: without the zone, '@' for the zone itself. */
function relativeName(name: string, zone: string): string {
	if (name === zone) return '@';
	return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : name;
}

/** A record, whether it shall be there or be gone, and what the servers say. */
export type Watched = {
	readonly record: DnsRecord;
	readonly awaited: 'made' | 'removed';
	readonly views: readonly View[];
};

/** One line for each server and record: 'ns1.example.net  A     microblog  198.51.100.4  not yet'. */
export function seenLines(watched: readonly Watched[], zone: string): string[] {
	const rows = watched.flatMap(({record: {name, type, value}, awaited, views}) =>
		views.map(({server, records, problem}) => {
			const made = records.length === 1 && records[0] === value;
			const state =
				awaited === 'made' ? (made ? 'there' : 'not yet') : records.includes(value) ? 'still there' : 'gone';
			const answer = problem ?? (records.join(', ') || 'nothing');
			return [server, type, relativeName(name, zone), answer, problem === undefined ? state : 'not yet'];
		}),
	);
	return columns(rows);
}
