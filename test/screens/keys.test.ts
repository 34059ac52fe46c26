import * as fc from 'fast-check';
import type {Key} from 'ink';
import {expect, test} from 'vitest';
import {targetProblem} from '../../screens/connect/target.tsx';
import {problemOf, valueFrom} from '../../screens/form/draft.ts';
import {type Edit, edited, editOf, insert, moveLine, pastedLine, pastedLines} from '../../screens/form/edit.ts';
import {fitting} from '../../screens/form/form-state.ts';
import {hiddenValue} from '../../screens/form/lines-field.tsx';
import {viewOf} from '../../screens/form/text-line.tsx';
import {indexFor} from '../../screens/parts/choose.tsx';
import {packHints} from '../../screens/parts/key-bar.tsx';
import {wrapWords} from '../../screens/parts/paragraph.tsx';
import {splitKeys} from '../../screens/terminal/key-stream.ts';

const noKey: Key = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageDown: false,
	pageUp: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	ctrl: false,
	shift: false,
	tab: false,
	backspace: false,
	delete: false,
	meta: false,
	super: false,
	hyper: false,
	capsLock: false,
	numLock: false,
};

const press = (edit: Edit, input: string, key: Partial<Key> = {}) => edited(edit, input, {...noKey, ...key}) ?? edit;

test('a chunk is split into keys; a paste stays whole', () => {
	expect(splitKeys('ab\r').keys).toEqual(['a', 'b', '\r']);
	expect(splitKeys('\u001b[B\u001b[B\u001bOP\u001b[1;5C').keys).toEqual([
		'\u001b[B',
		'\u001b[B',
		'\u001bOP',
		'\u001b[1;5C',
	]);
	expect(splitKeys('x\u001b[200~a\nb\u001b[201~\r').keys).toEqual(['x', '\u001b[200~a\nb\u001b[201~', '\r']);
	expect(splitKeys('\u001b').keys).toEqual(['\u001b']);
});

test('a paste over several chunks stays a paste until its end', () => {
	const first = splitKeys('\u001b[200~one');
	expect(first).toEqual({keys: ['\u001b[200~one'], pasting: true});
	expect(splitKeys('two\u001b[201~q\r', true)).toEqual({keys: ['two\u001b[201~', 'q', '\r'], pasting: false});
});

test('nothing that was sent is lost, whatever it is', () => {
	fc.assert(
		fc.property(
			fc.string({unit: fc.constantFrom('a', 'é', '𝒳', '\r', '\u001b', '[', 'B', 'O', '~', '2', '0', '1', ';')}),
			chunk => {
				expect(splitKeys(chunk).keys.join('')).toBe(chunk);
			},
		),
	);
});

test('a text is edited with the keys of readline', () => {
	let edit = editOf('one two three');
	edit = press(edit, 'w', {ctrl: true});
	expect(edit.text).toBe('one two ');
	edit = press(edit, '', {home: true});
	edit = press(edit, 'X');
	expect(edit).toEqual({text: 'Xone two ', cursor: 1});
	edit = press(edit, '', {delete: true});
	expect(edit.text).toBe('Xne two ');
	edit = press(edit, 'k', {ctrl: true});
	expect(edit.text).toBe('X');
	edit = press(edit, '', {backspace: true});
	expect(edit).toEqual({text: '', cursor: 0});
	expect(press(edit, '', {backspace: true})).toEqual({text: '', cursor: 0});
});

test('one key takes one character as a person sees it', () => {
	expect(press(editOf('a👩‍👩‍👧'), '', {backspace: true}).text).toBe('a');
	expect(press(editOf('ae\u0301'), '', {leftArrow: true}).cursor).toBe(1);
});

test('up and down keep the column', () => {
	const edit = insert(editOf(''), 'long line\nab\nanother');
	const up = moveLine(edit, -1);
	expect(up?.cursor).toBe('long line\nab'.length);
	expect(moveLine({text: '\nx', cursor: 0}, -1)).toBeUndefined();
	expect(moveLine({text: '\nx', cursor: 0}, 1)).toEqual({text: '\nx', cursor: 1});
});

test('what is pasted loses line ends', () => {
	expect(pastedLine(' secret\r\n')).toBe('secret');
	expect(pastedLines('a\r\nb\r\n')).toBe('a\nb');
});

test('the cursor is always in sight, and the line never wider than its room', () => {
	fc.assert(
		fc.property(fc.string(), fc.nat(), fc.integer({min: 4, max: 40}), (text, at, width) => {
			const cursor = Math.min(at, text.length);
			const {before, at: here, after} = viewOf({text, cursor}, width);
			const cut = before.startsWith('…') && !text.slice(0, cursor).endsWith(before);
			expect(text.slice(0, cursor).endsWith(cut ? before.slice(1) : before)).toBe(true);
			expect([...before].length + 1 + [...after].length).toBeLessThanOrEqual(width + 1);
			expect(here).not.toBe('');
		}),
	);
});

test('a line that is cut says so on either side', () => {
	const view = (cursor: number) => Object.values(viewOf({text: 'https://git.example.com', cursor}, 10)).join('|');
	expect(view(23)).toBe('…mple.com| |');
	expect(view(0)).toBe('|h|ttps://g…');
	expect(view(10)).toBe('…://gi|t|.e…');
});

test('what is typed becomes a value of the field’s kind', () => {
	expect(valueFrom('22', 'number')).toBe(22);
	expect(valueFrom('', 'number')).toBeUndefined();
	expect(valueFrom('www.a.org, b.org  c.org', 'list')).toEqual(['www.a.org', 'b.org', 'c.org']);
	expect(valueFrom('A=1\n\nB=2\n', 'lines')).toEqual(['A=1', 'B=2']);
	expect(String(valueFrom('x', 'secret'))).toBe('••••••');
});

test('a secret of several lines shows names, not values', () => {
	expect(hiddenValue('API_KEY=s3=cret', '*')).toBe('API_KEY=*******');
	expect(hiddenValue('half a na', '*')).toBe('*********');
});

test('an empty field is a fault only where it must be filled in', () => {
	const field = {
		name: 'n',
		kind: 'text',
		title: 'Name',
		value: '',
		detail: false,
		optional: false,
		generated: false,
	} as const;
	const needed = {...field, problem: () => undefined};
	expect(problemOf(needed, '')).toBe('Name is needed');
	expect(problemOf({...needed, optional: true}, '')).toBeUndefined();
	expect(problemOf({...needed, kind: 'number'}, Number.NaN)).toBe('A number, such as 22');
});

test('choices by digit and by first letter, in turn', () => {
	const choices = ['mysql', 'postgresql', 'monet'].map(title => ({title}));
	expect(indexFor(choices, '2', 0)).toBe(1);
	expect(indexFor(choices, '9', 0)).toBeUndefined();
	expect(indexFor(choices, 'm', 0)).toBe(2);
	expect(indexFor(choices, 'M', 2)).toBe(0);
	expect(indexFor(choices, 'x', 0)).toBeUndefined();
});

test('the field under the hands is among those that fit', () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({min: 1, max: 6}), {minLength: 1}),
			fc.nat(),
			fc.integer({min: 6, max: 30}),
			(heights, at, room) => {
				const focus = at % heights.length;
				const {from, to} = fitting(heights, focus, room);
				expect(from).toBeLessThanOrEqual(focus);
				expect(to).toBeGreaterThan(focus);
				expect(heights.slice(from, to).reduce((sum, height) => sum + height, 0)).toBeLessThanOrEqual(room);
			},
		),
	);
});

test('text and hints are broken to their width', () => {
	expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
	expect(
		packHints(
			[
				['a', 'first'],
				['b', 'second'],
			],
			12,
		),
	).toMatchObject({lines: [[['a', 'first']], [['b', 'second']]], gap: 3});
	expect(
		packHints(
			[
				['a', 'first'],
				['b', 'second'],
			],
			18,
		),
	).toMatchObject({lines: [[{}, {}]], gap: 3});
});

test('hints stand closer where that saves a line', () => {
	const hints = [
		['a', 'first'],
		['b', 'second'],
	] as const;
	expect(packHints(hints, 17)).toMatchObject({lines: [[{}, {}]], gap: 2});
});

test('addresses of boxes', () => {
	for (const good of [
		'203.0.113.7',
		'root@203.0.113.7',
		'root@box.example.com:2222',
		'mybox',
		'[2001:db8::7]:22',
		'root@2001:db8::7',
	]) {
		expect(targetProblem(good), good).toBeUndefined();
	}

	for (const bad of ['root@', 'a b', 'ssh://x', '-oProxyCommand=x', 'x;y'])
		expect(targetProblem(bad), bad).toBeDefined();
});
