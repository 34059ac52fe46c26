import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cleanText, createCleaner} from '../../source/remote/clean.ts';

const cases: readonly [name: string, from: string | Uint8Array, to: string][] = [
	['plain text with tab and newline', 'a\tb\nc', 'a\tb\nc'],
	['letters of all scripts', 'é ☃ 漢字 🦊', 'é ☃ 漢字 🦊'],
	['colours (CSI)', '\u001b[1;31mred\u001b[0m', 'red'],
	['a title (OSC, BEL)', '\u001b]0;owned\u0007text', 'text'],
	['a link (OSC, ST)', '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
	['the clipboard (OSC 52)', '\u001b]52;c;cm0gLXJm\u0007x', 'x'],
	['a device string (DCS)', '\u001bP1$r0m\u001b\\x', 'x'],
	['a string that never ends stops with its line', '\u001b]0;hidden\nseen', '\nseen'],
	['an escape within a string', '\u001b]0;a\u001b[31mred', 'red'],
	['8 bit CSI and OSC', '\u009b31mred\u009d0;t\u009cx', 'redx'],
	['a character set', '\u001b(0x', 'x'],
	['two-byte escapes', '\u001bcreset\u001b7save', 'resetsave'],
	['clear screen and home', '\u001b[2J\u001b[Hx', 'x'],
	['a sequence cut off by CAN', '\u001b[31\u0018x', 'x'],
	['a broken sequence hides no letters of other scripts', '\u001b[3é', ''],
	['bell, backspace, NUL, DEL', 'a\u0007b\u0008c\u0000d\u007fe', 'abcde'],
	['other C1 controls', 'a\u0085b\u008dc', 'abc'],
	['bidirectional overrides', 'a\u202eb\u2066c\u2069d\u202ae', 'abcde'],
	[
		'marks of direction, line separators, annotations, tags',
		'a\u200eb\u200fc\u061cd\u2028e\ufff9f\u{e0041}g',
		'abcdefg',
	],
	['what joins letters and emoji stays', 'a\u200db 👩‍💻', 'a\u200db 👩‍💻'],
	['bytes that are no UTF-8', new Uint8Array([0x61, 0xff, 0xc3, 0x28, 0x62]), 'a\ufffd\ufffd(b'],
	['a cut character at the end', new Uint8Array([0x61, 0xe2, 0x98]), 'a\ufffd'],
	['CR LF', 'a\r\nb\r\n', 'a\nb\n'],
	['progress keeps its last state', '10%\r50%\r100%\ndone', '100%\ndone'],
	['progress that clears the line', '10%\r\u001b[K100%\r\n', '100%\n'],
	['progress that is not over', '10%\r50%\r', '50%'],
	['several CRs before a newline', 'a\r\r\r\nb', 'a\nb'],
	['nothing', '', ''],
];

describe('cleanText', () => {
	it.each(cases)('%s', (_name, from, to) => {
		expect(cleanText(from)).toBe(to);
	});

	it('cuts a long line, never within a character', () => {
		expect(cleanText('abcdef\nabc\n', {longestLine: 4})).toBe('abcd…\nabc\n');
		expect(cleanText('abc🦊def', {longestLine: 4})).toBe('abc…');
		expect(cleanText('aaaaaaaa\rbb\n', {longestLine: 4})).toBe('bb\n');
	});

	it('leaves no control character, whatever comes', () => {
		const hostile = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 200}), bytes => {
				expect(cleanText(bytes)).not.toMatch(hostile);
				expect(cleanText(Buffer.from(cleanText(bytes)))).toBe(cleanText(bytes));
			}),
		);
	});

	it('gives the same in pieces as at once', () => {
		const piece = fc.oneof(
			fc.constantFrom(...cases.map(([, from]) => Buffer.from(from))),
			fc.uint8Array({maxLength: 12}).map(bytes => Buffer.from(bytes)),
		);
		fc.assert(
			fc.property(fc.array(piece), fc.array(fc.nat(40)), fc.integer({min: 1, max: 50}), (pieces, cuts, longestLine) => {
				const whole = Buffer.concat(pieces);
				const cleaner = createCleaner({longestLine});
				const lines: string[] = [];
				let rest = whole;
				for (const cut of cuts) {
					lines.push(...cleaner.push(rest.subarray(0, cut)));
					rest = rest.subarray(cut);
				}

				lines.push(...cleaner.push(rest));
				const text = lines.map(line => `${line}\n`).join('') + cleaner.end().join('');
				expect(text).toBe(cleanText(whole, {longestLine}));
			}),
			{numRuns: 500},
		);
	});
});
