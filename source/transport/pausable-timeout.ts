/** A timeout that stands still while a person is asked, and starts afresh after. Milliseconds. */
export function createPausableTimeout(within: number, fire: () => void) {
	let timer = setTimeout(fire, within);
	let isOver = false;
	return {
		async paused<Value>(work: () => Promise<Value>): Promise<Value> {
			clearTimeout(timer);
			try {
				return await work();
			} finally {
				if (!isOver) timer = setTimeout(fire, within);
			}
		},
		stop() {
			isOver = true;
			clearTimeout(timer);
		},
	};
}
