import {expect, it} from 'vitest';
import {editedText} from '../../source/detection/edit.ts';

const windows = 'Flask==3.0.0\r\npywin32==306\r\ngunicorn\r\n';

it.each([
	['changes one line', 'flask\nfoo\n', {type: 'change-line', path: 'a', line: 2, to: 'bar'}, 'flask\nbar\n'],
	[
		'keeps Windows’ line ends',
		windows,
		{type: 'change-line', path: 'a', line: 2, to: 'x'},
		'Flask==3.0.0\r\nx\r\ngunicorn\r\n',
	],
	[
		'ends each of several lines as the others are ended',
		'a\r\nb\r\n',
		{type: 'change-line', path: 'a', line: 1, to: 'a\nserver = a.server'},
		'a\r\nserver = a.server\r\nb\r\n',
	],
	['takes one line out', windows, {type: 'remove-line', path: 'a', line: 2}, 'Flask==3.0.0\r\ngunicorn\r\n'],
	['changes a last line without an end', 'flask', {type: 'change-line', path: 'a', line: 1, to: 'Flask'}, 'Flask'],
	[
		'writes a whole file, whatever was there',
		undefined,
		{type: 'write-file', path: 'a', content: 'flask\n'},
		'flask\n',
	],
	['changes no line that is not there', 'flask\n', {type: 'change-line', path: 'a', line: 9, to: 'x'}, undefined],
	['takes no line out of no file', undefined, {type: 'remove-line', path: 'a', line: 1}, undefined],
] as const)('%s', (_, text, edit, after) => {
	expect(editedText(text, edit)).toBe(after);
});
