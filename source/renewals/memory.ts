import {existsSync, renameSync} from 'node:fs';
import {dirname, join} from 'node:path';
import Conf from 'conf';
import type {RenewalState, ServedCertificate} from '../contract/due.ts';
import {writeWhole} from '../state/atomic-write.ts';
import {exclusively} from '../state/file-lock.ts';
import {journalFolder} from '../state/journal.ts';

/** What was learnt of boxes and told to the person. Nothing in it is secret. Times are ISO 8601 in UTC. */
export type Remembered = {
	readonly version: 1;
	/** The certificate last served, by 'host name'. */
	readonly served: Readonly<Record<string, {readonly certificate: ServedCertificate; readonly at: string}>>;
	/** What boxes said of themselves, by host. */
	readonly boxes: Readonly<Record<string, BoxMemory>>;
	/** Ends of registrations, by domain. */
	readonly registrations: Readonly<
		Record<string, {readonly domain: string; readonly expires: string; readonly at: string}>
	>;
	/** Reminders that were told, and when: 'certificate blog.example.com 2027-01-22T10:00:00.000Z 14'. */
	readonly told: Readonly<Record<string, string>>;
	readonly lastCheck?: string;
	/** The calendar file that is kept up to date. */
	readonly calendar?: string;
};

export type BoxMemory = {
	readonly at: string;
	readonly renewal: RenewalState;
	/** Since when a reboot waits. */
	readonly rebootSince?: string;
};

const nothing: Remembered = {version: 1, served: {}, boxes: {}, registrations: {}, told: {}};

/** What is remembered between two checks, in one small file. */
export interface Memory {
	readonly path: string;
	read(): Remembered;
	/** Reads, changes and writes in one go, also against another boxwizard on this machine. */
	update(change: (before: Remembered) => Remembered): void;
}

/** Where boxwizard keeps its own files: beside the journals. */
export function ownFolder(): string {
	return dirname(journalFolder());
}

/** A file that can't be read is put aside: what was told is told once more then, which is better than not at all. */
export function openMemory(folder = ownFolder()): Memory {
	const path = join(folder, 'reminders.json');
	const read = (): Remembered => {
		if (!existsSync(path)) return nothing;
		try {
			return {...nothing, ...storeIn(folder).store};
		} catch {
			renameSync(path, `${path}.damaged`);
			return nothing;
		}
	};
	return {
		path,
		read,
		update(change) {
			exclusively(`${path}.lock`, () => writeWhole(path, `${JSON.stringify(change(read()), undefined, '\t')}\n`));
		},
	};
}

/** A box that was rebooted from here waits for no reboot any more. */
export function forgetReboot(host: string, memory = openMemory()): void {
	if (memory.read().boxes[host]?.rebootSince === undefined) return;
	memory.update(before => {
		const {[host]: box, ...boxes} = before.boxes;
		if (box === undefined) return before;
		const {rebootSince: _done, ...rest} = box;
		return {...before, boxes: {...boxes, [host]: rest}};
	});
}

/** Nothing more is remembered of a box that is gone: neither what it served nor what it said of itself. */
export function forgetBox(host: string, memory = openMemory()): void {
	if (!existsSync(memory.path)) return;
	memory.update(before => ({
		...before,
		served: withoutKeys(before.served, key => key.startsWith(`${host} `)),
		boxes: withoutKeys(before.boxes, key => key === host),
	}));
}

function withoutKeys<Value>(all: Readonly<Record<string, Value>>, goes: (key: string) => boolean) {
	return Object.fromEntries(Object.entries(all).filter(([key]) => !goes(key)));
}

function storeIn(folder: string): Conf<Remembered> {
	return new Conf<Remembered>({
		cwd: folder,
		configName: 'reminders',
		projectSuffix: '',
		configFileMode: 0o600,
		accessPropertiesByDotNotation: false,
	});
}
