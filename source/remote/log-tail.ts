/** Lines that are kept at least, and at most, of a log that may never end. */
const fewest = 500;
const most = 1000;

/** The end of a job's log: how many lines it had, the last of them, and the command they belong to. */
export class LogTail {
	#seen = 0;
	#lines: string[] = [];

	/** Of the whole log. */
	get seen(): number {
		return this.#seen;
	}

	get lines(): readonly string[] {
		return this.#lines;
	}

	add(line: string): void {
		this.#seen += 1;
		this.#lines.push(line);
		if (this.#lines.length <= most) return;
		const command = this.#lines.findLast(kept => kept.startsWith('$ '));
		this.#lines = this.#lines.slice(-fewest);
		if (command !== undefined && !this.#lines.includes(command)) this.#lines.unshift(command);
	}
}
