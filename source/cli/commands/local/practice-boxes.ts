import {listPracticeBoxes, type PracticeBox, removePracticeBox, startPracticeBox} from '../../../practice/index.ts';
import {listJournals, removeJournal} from '../../../state/journal.ts';
import {print, printJson} from '../../terminal/output.ts';
import {columns} from './hosts.ts';

/** Prints the practice boxes of this machine. */
export async function list(options: {readonly json?: boolean}): Promise<void> {
	const boxes = await listPracticeBoxes();
	if (options.json) {
		for (const box of boxes) printJson(box);
		return;
	}

	if (boxes.length === 0) print('No practice boxes. Start one with: boxwizard practice');
	for (const row of columns(boxes.map(box => [box.name, box.state, box.address, box.domain, box.release]))) print(row);
}

/** Starts a practice box. Those that were left behind go at that, and with each what this machine remembers of it. @throws Trouble as `startPracticeBox` does */
export async function start(...[options, progress]: Parameters<typeof startPracticeBox>): Promise<PracticeBox> {
	const before = await listPracticeBoxes(options?.folder);
	const box = await startPracticeBox(options, progress);
	for (const {name, state} of before) if (state === 'left behind') forget(name);
	return box;
}

/** Removes a practice box, or with 'all' every one, and what this machine remembers of it. */
export async function remove(name: string): Promise<void> {
	const removed = await removePracticeBox(name);
	for (const box of removed) {
		forget(box);
		print(`Removed ${box}.`);
	}

	if (removed.length === 0) print('There are no practice boxes.');
}

/** Takes a practice box out of the boxes that this machine knows. */
export function forget(name: string): void {
	for (const journal of listJournals()) {
		if (journal.read().practice === name) removeJournal(journal.path);
	}
}
