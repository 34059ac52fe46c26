import type {WriteStream} from 'node:tty';

/** One character for one, so that nothing moves. */
const plain: Readonly<Record<string, string>> = {
	'…': '~',
	'“': '"',
	'”': '"',
	'‘': "'",
	'’': "'",
	'–': '-',
	'—': '-',
	'−': '-',
	'·': '-',
	'•': '*',
	'│': '|',
	'─': '-',
};

const pattern = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');

/** A text for a terminal that has no unicode. What has no like in ASCII stays as it is. */
export const toAscii = (text: string): string => text.replace(pattern, character => plain[character] ?? character);

/** The terminal, for texts that may hold typographic characters: it is told their likes in ASCII. */
export function asciiOutput(output: WriteStream): WriteStream {
	const write = (chunk: unknown, ...rest: unknown[]) =>
		Reflect.apply(output.write, output, [typeof chunk === 'string' ? toAscii(chunk) : chunk, ...rest]);
	return new Proxy(output, {
		get(target, name) {
			if (name === 'write') return write;
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
