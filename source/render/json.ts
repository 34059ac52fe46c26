import type {Event, Reply, Summary} from '../events.ts';
import {Secret} from '../secret.ts';

/** Raised when a field changes its meaning or goes away; new fields don't raise it. */
const schema = 1;

type Write = (line: string) => void;
/** Cuts secrets out of a text: the last net, should a tool on the box have printed one. */
type Clean = (text: string) => string;

const asItIs: Clean = text => text;

/** Makes what writes one JSON object per line, with `schema` and the time; secrets are masked at any depth. */
export function jsonLines(write: Write, clean: Clean = asItIs): (record: object) => void {
	return record => {
		const line = JSON.stringify({schema, at: new Date().toISOString(), ...record}, (_key, value: unknown) =>
			typeof value === 'string' ? clean(value) : value instanceof Secret ? value.toString() : value,
		);
		write(line);
	};
}

/** Writes a run as JSON lines, one event each. Nobody can answer: what fails or is missing ends it. */
export async function renderJson(
	events: AsyncGenerator<Event, Summary, Reply>,
	write: Write,
	clean: Clean = asItIs,
): Promise<Summary> {
	const record = jsonLines(write, clean);
	let step = await events.next();
	while (!step.done) {
		const {type, ...event} = step.value;
		record({event: type, ...event});
		step = await events.next(type === 'failed' || type === 'asking' ? {action: 'quit'} : undefined);
	}

	return step.value;
}
