import {Secret} from '../contract/secret.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';

/** Raised when a field changes its meaning or goes away (CHANGELOG.md says which); new fields don't raise it. */
const schema = 2;

/** What JSON lets stand and a terminal may take for its own: escaped, it is still the same text to a program. */
const risky = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/** One record as one line of JSON, with `schema`; safe to be seen on a terminal too. `replace` as JSON.stringify takes it. */
export function jsonLine(record: object, replace?: (key: string, value: unknown) => unknown): string {
	const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	return JSON.stringify({schema, ...record}, replace).replaceAll(risky, escaped);
}

type Write = (line: string) => void;
/** Cuts secrets out of a text: the last net, should a tool on the box have printed one. */
type Clean = (text: string) => string;

const asItIs: Clean = text => text;

/** Makes what writes one JSON object per line, with `schema` and the time; secrets are masked at any depth. */
export function jsonLines(write: Write, clean: Clean = asItIs): (record: object) => void {
	return record => {
		const masked = (_key: string, value: unknown) =>
			typeof value === 'string' ? clean(value) : value instanceof Secret ? value.toString() : value;
		write(jsonLine({at: new Date().toISOString(), ...record}, masked));
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
