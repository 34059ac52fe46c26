import {randomBytes} from 'node:crypto';
import {quote} from '../../../source/contract/command.ts';

/** A value that is nowhere but where it was put. */
export type Canary = {readonly name: string; readonly text: string};

/** @param around what stands around its heart: quotes and other signs that are written otherwise in other places */
export function canary(name: string, around: readonly [string, string] = ['', '']): Canary {
	return {name, text: `${around[0]}Canary${randomBytes(9).toString('hex')}${around[1]}`};
}

/** The texts by which a canary is known wherever it stands: as it is, quoted, in a URL, in JSON, in base64 at any place of a longer text. */
export function tracesOf({text}: Canary): readonly string[] {
	const heart = /Canary[0-9a-f]+/.exec(text)?.[0] ?? text;
	const inBase64 = [0, 1, 2].map(offset => {
		const whole = Buffer.from(`${'-'.repeat(offset)}${heart}`).toString('base64');
		// The first letters and the last hold bits of their neighbours.
		return whole.slice(offset === 0 ? 0 : 4, -4);
	});
	const written = [heart, quote(text), encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
	return [...new Set([...written, ...inBase64, Buffer.from(heart).toString('hex')])];
}

/** The names of the canaries that a text holds. */
export function found(text: string, canaries: readonly Canary[]): string[] {
	return canaries.filter(one => tracesOf(one).some(trace => text.includes(trace))).map(({name}) => name);
}
