import {expect, test} from 'vitest';
import {broken} from '../../screens/parts/scroll.tsx';

const texts = (text: string, width: number) => broken([{text}], width).map(line => line.text);

test.each([
	['one that fits stays as it is', '  sshd -t', 9, ['  sshd -t']],
	['an empty one keeps its place', '', 9, ['']],
	['a longer one goes on below, further in', '  install nginx git', 12, ['  install', '    nginx', '    git']],
	['a list is broken after a comma', '+Ciphers aes,chacha', 14, ['+Ciphers aes,', '  chacha']],
	['a word without a gap is cut', 'abcdefghij', 6, ['abcdef', '  ghij']],
	['wide characters count twice', '漢字漢字', 5, ['漢字', '  漢', '  字']],
])('lines: %s', (_, text, width, expected) => {
	expect(texts(text, width)).toEqual(expected);
});

test('lines: a width that holds nothing still ends', () => {
	expect(texts('漢字', 1).join('').replaceAll(' ', '')).toBe('漢字');
});
