import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Person} from '../visitors/person.ts';

/** One look at the door; `at` in seconds since the first one. */
export type Knock = {readonly at: number; readonly old: boolean; readonly new: boolean};

/** OpenSSH's own client, knowing nothing of the wizard: does the old way in (root's password) open, does the new one (jessica's key)? */
export class SecondHost {
	readonly #address: string;
	readonly #askpass: string;
	readonly #key: string;
	readonly #newPort: number;

	/** @param newPort where the new way in is */
	constructor(person: Person, address: string, rootPassword: string, newPort = 22) {
		this.#address = address;
		this.#newPort = newPort;
		this.#key = person.file('.ssh/id_ed25519');
		const password = person.file('root-password');
		writeFileSync(password, `${rootPassword}\n`, {mode: 0o600});
		this.#askpass = person.file('askpass');
		writeFileSync(this.#askpass, `#!/bin/sh\nexec cat '${password}'\n`, {mode: 0o700});
	}

	oldWay(): Promise<boolean> {
		return this.#login('root', ['PreferredAuthentications=password', 'NumberOfPasswordPrompts=1']);
	}

	newWay(): Promise<boolean> {
		const options = ['BatchMode=yes', 'IdentitiesOnly=yes', `IdentityFile=${this.#key}`, `Port=${this.#newPort}`];
		return this.#login('jessica', options);
	}

	async knock(since: number): Promise<Knock> {
		const at = (performance.now() - since) / 1000;
		const [old, fresh] = await Promise.all([this.oldWay(), this.newWay()]);
		return {at, old, new: fresh};
	}

	/** Knocks until the door, shut by what `shutting` does, opens again, for at most `limit` seconds after that. */
	async watchShut(shutting: () => Promise<void>, limit: number): Promise<Knock[]> {
		const since = performance.now();
		let shutAt = Number.POSITIVE_INFINITY;
		// A knock from before may be answered after: only later ones count.
		const watching = this.watch(({at, old, new: fresh}) => at > shutAt && (old || fresh || at > shutAt + limit));
		await shutting();
		shutAt = (performance.now() - since) / 1000;
		return await watching;
	}

	/** Knocks every second, whether the last answer is there or not, until `enough` says so, for at most `limit` seconds. */
	async watch(enough: (knock: Knock) => boolean, limit = Number.POSITIVE_INFINITY): Promise<Knock[]> {
		const since = performance.now();
		const knocks: Promise<Knock>[] = [];
		let over = false;
		while (!over) {
			const knock = this.knock(since);
			knocks.push(knock);
			void knock.then(answered => {
				over ||= enough(answered) || answered.at > limit;
			});
			await sleep(Math.max(0, 1000 * knocks.length - (performance.now() - since)));
			// More at once would crowd the door (MaxStartups), on a machine that is slow.
			await knocks.at(-mostAtOnce);
		}

		return await Promise.all(knocks);
	}

	async #login(user: string, options: readonly string[]): Promise<boolean> {
		const all = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'ConnectTimeout=3', ...options];
		const words = ['-F', 'none', ...all.flatMap(option => ['-o', option]), `${user}@${this.#address}`, 'true'];
		const env = {...process.env, SSH_AUTH_SOCK: '', SSH_ASKPASS: this.#askpass, SSH_ASKPASS_REQUIRE: 'force'};
		return await new Promise(resolve =>
			execFile('ssh', words, {env, timeout: 10_000}, error => resolve(error === null)),
		);
	}
}

/** Knocks that wait for their answers. */
const mostAtOnce = 4;

/** The longest time, in seconds, in which neither way in worked. */
export function longestOutage(knocks: readonly Knock[]): number {
	let lastOpen = 0;
	let longest = 0;
	for (const knock of knocks) {
		longest = Math.max(longest, knock.at - lastOpen);
		if (knock.old || knock.new) lastOpen = knock.at;
	}

	return longest;
}

/**
 * Whether a way in was open all along. sshd, told to read its files anew, answers nobody for about 10 ms (it shuts its
 * listening sockets and starts itself again): a knock may meet that moment, and no two in a row.
 */
export function openThroughout(knocks: readonly Knock[], open: (knock: Knock) => boolean): boolean {
	return knocks.length > 0 && !knocks.some((knock, index) => !open(knock) && !open(knocks[index + 1] ?? knock));
}
