import {knownBoxes} from '../../boxes/known-boxes.ts';
import {print, printJson} from '../../terminal/output.ts';

/** Prints the boxes of this machine's journals, last seen first. */
export async function hosts(options: {readonly json?: boolean}): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const boxes = knownBoxes(catalogue);
	if (options.json) {
		for (const box of boxes) printJson(box);
		return;
	}

	if (boxes.length === 0) print('No boxes yet. Begin with: boxwizard setup root@HOST, or boxwizard practice');
	const rows = boxes
		.filter(box => box.unreadable === undefined)
		.map(box => [
			box.label,
			box.target,
			`${box.done}/${box.total} steps`,
			box.lastSeen === undefined ? 'never seen' : `seen ${box.lastSeen.slice(0, 10)}`,
			box.certificateDays === undefined ? '' : certificate(box.certificateDays),
		]);
	for (const row of columns(rows)) print(row);
	for (const {host, unreadable} of boxes) if (unreadable !== undefined) print(`! ${host}: ${unreadable}`);
}

function certificate(days: number): string {
	return days < 0 ? 'certificate expired' : `certificate ${days} days`;
}

/** Rows with their columns aligned, two spaces between. */
export function columns(rows: readonly (readonly string[])[]): string[] {
	const width = (column: number): number => Math.max(...rows.map(row => (row[column] ?? '').length));
	return rows.map(row =>
		row
			.map((text, column) => text.padEnd(width(column)))
			.join('  ')
			.trimEnd(),
	);
}
