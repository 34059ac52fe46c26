import {type Box, Disconnected, type OtherDoor} from '../contract/box.ts';
import type {Probe} from '../contract/step.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import {createProbe} from '../remote/probe.ts';
import type {Journal} from '../state/journal.ts';
import {stepRecords} from '../state/journal-state.ts';
import type {Vault} from '../state/vault.ts';
import {takeLock} from './lock.ts';

/** What a run works with: a box, what is remembered of it, and its secrets. */
export type Session = {
	readonly box: Box;
	readonly journal: Journal;
	readonly vault: Vault;
	/** Who is at work, for whoever finds the box taken: 'jessica@laptop, process 4711, since 2026-11-21 10:15 UTC'. */
	readonly holder: string;
	/** Says, at any time, that a job which an earlier run left at work is ended and not waited for. */
	readonly stopsJob?: AbortSignal;
};

/** How often one question or one log is asked for again after the connection was lost. */
export const reconnections = 20;

/** A session at work: the lock is held, and comes back with the connection. */
export class Work {
	readonly session: Session;
	readonly probe: Probe;
	/** Gives the lock back; undefined where none is wanted: who only looks takes none. */
	#unlock: (() => Promise<void>) | undefined;
	/** The last of what goes on beside the steps. */
	#beside: Promise<unknown> = Promise.resolve();
	/** The door that a guarded step is opening: tried by a reconnect that finds the old one shut. */
	otherDoor: OtherDoor | undefined;
	#does = '';

	constructor(session: Session) {
		this.session = session;
		this.probe = createProbe(session.box);
	}

	get box(): Box {
		return this.session.box;
	}

	/** @param does what whoever finds the box taken is told of it: 'it deploys blog' */
	async begin(does?: string): Promise<void> {
		const {holder, journal} = this.session;
		if (does !== undefined) this.#does = `; ${does}`;
		this.#unlock = await takeLock(
			this.box,
			{holder, does: this.#does},
			Object.keys(stepRecords(journal.read())).length > 0,
		);
	}

	/** Does something beside the steps, after what was begun so before: the work does not end without it. A failure is no matter. */
	beside(task: () => Promise<unknown>): Promise<unknown> {
		this.#beside = this.#beside.then(task).catch(() => undefined);
		return this.#beside;
	}

	async end(): Promise<void> {
		await this.#beside;
		await this.#giveBack();
	}

	async #giveBack(): Promise<void> {
		await this.#unlock?.().catch(() => undefined);
	}

	/** A new connection, as the same user or another, with the lock where it was held. `patience` in milliseconds. */
	async reconnect(options: {readonly user?: string; readonly patience?: number} = {}): Promise<void> {
		await this.#giveBack();
		await this.box.reconnect({...options, ...(this.otherDoor && {otherwise: this.otherDoor})});
		if (this.#unlock) await this.begin();
	}

	/** Does what may be done twice, again after each loss of the connection. */
	async *steadily<Value>(task: () => Promise<Value>): AsyncGenerator<Event, Value, Reply> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await task();
			} catch (error) {
				if (!(error instanceof Disconnected) || attempt > reconnections) throw error;
				yield* this.again(attempt);
			}
		}
	}

	/** A new connection after one was lost. One that is lost again at once is left to the next use to find out. */
	async *again(attempt: number, patience?: number): AsyncGenerator<Event, void, Reply> {
		yield {type: 'reconnecting', attempt};
		try {
			await this.reconnect(patience === undefined ? {} : {patience});
		} catch (error) {
			if (!(error instanceof Disconnected)) throw error;
		}
	}
}
