import type {Probe} from '../../source/contract/step.ts';

/**
 * How many packages of a box have a newer version. apt takes most of a second of the box's time to say so: who looks again
 * and again asks it only when something has been installed or the lists were read anew since.
 */
export class WaitingUpdates {
	#stamp = '';
	#count = 0;

	/** Answers the count, within the same round trip as what else is asked in this tick. */
	async read($: Probe): Promise<number> {
		const answer =
			await $`stamp=$(stat -c %Y /var/lib/dpkg/status /var/lib/apt/lists | tr '\n' -); echo "$stamp"; [ "$stamp" = ${this.#stamp} ] || apt-get -s -o Debug::NoLocking=1 upgrade 2>/dev/null | grep -c '^Inst '`;
		const [stamp = '', count] = answer.split('\n');
		this.#stamp = stamp;
		if (count !== undefined) this.#count = Math.max(0, Number(count) || 0);
		return this.#count;
	}
}
