import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {Disconnected} from '../../source/contract/box.ts';
import {quote} from '../../source/contract/command.ts';
import {digest, fileIs} from '../../source/contract/file-fact.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Probe} from '../../source/contract/step.ts';
import {createProbe} from '../../source/remote/probe.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;
let $: Probe;

beforeAll(async () => {
	box = await ToyBox.open();
});
beforeEach(() => {
	box.scripts.length = 0;
	$ = createProbe(box);
});
afterAll(async () => box.close());

describe('one tick, one script', () => {
	test('commands and files travel together, equal ones once', async () => {
		const answers = await Promise.all([
			$`echo ${'a'} >> /srv/times; echo one`,
			$`echo two`,
			$`echo ${'a'} >> /srv/times; echo one`,
			$.file('/run/toy/second'),
			$.file('/nowhere'),
			$.file('/run/toy/second'),
		]);
		const fact = {digest: digest('1\n'), mode: '0644', owner: 'root:root'};
		expect(answers).toEqual(['one', 'two', 'one', fact, null, fact]);
		expect(box.scripts).toHaveLength(1);
		expect(await $`wc -l < /srv/times`).toBe('1');
	});

	test('what is asked after an answer is asked anew', async () => {
		await $`true`;
		await $`true`;
		expect(box.scripts).toHaveLength(2);
	});

	test('questions run side by side', async () => {
		const meet = (mine: string, other: string) =>
			$`mkfifo /srv/${mine} 2>/dev/null; until [ -p /srv/${other} ]; do sleep 0.01; done; echo met`;
		expect(await Promise.all([meet('x', 'y'), meet('y', 'x')])).toEqual(['met', 'met']);
	});

	test('leaves nothing behind', async () => {
		await $`echo x`;
		expect(await box.peek('ls -d /run/boxwizard-* 2>/dev/null')).toBe('');
	});
});

describe('answers', () => {
	/** Each is asked with the others, and must not change theirs. */
	const questions: readonly (readonly [name: string, command: string, answer: string])[] = [
		['nothing', 'true', ''],
		['a failure', 'echo part; exit 3', 'part'],
		['a command that is not there', 'no-such-command', ''],
		['what bash can’t read', 'echo "unclosed', ''],
		['a parenthesis of its own', 'echo a); echo b', ''],
		['a word of the language alone', 'done', ''],
		['plain words', "printf %s/ a 'b;c' '$(d)' 'it'\\''s' '*'", "a/b;c/$(d)/it's/*/"],
		['a comment at its end', 'echo a # b', 'a'],
		['an end of all', 'kill -TERM $BASHPID', ''],
		['errors are not answers', 'echo no >&2; echo yes', 'yes'],
		['stdin is empty', 'cat; echo end', 'end'],
		['no newline', 'printf a', 'a'],
		['newlines before, within and after', "printf '\\n\\na\\n\\nb\\n\\n\\n'", '\n\na\n\nb'],
		[
			'a separator',
			"printf '\\n==> /run/boxwizard-0/1 <==\\nb\\n==> standard input <==\\n'",
			'\n==> /run/boxwizard-0/1 <==\nb\n==> standard input <==',
		],
		['control sequences', String.raw`printf 'a\033[31mb\033]0;title\007c\000d'`, 'abcd'],
		['a sequence that never ends', String.raw`printf 'a\033]0;title'`, 'a'],
		['bytes that are no UTF-8', String.raw`printf 'a\377\303'`, 'a\uFFFD\uFFFD'],
		['much', 'head -c 300000 /dev/zero | tr "\\0" x', 'x'.repeat(300_000)],
	];

	test('each as it was given, whatever the others are', async () => {
		const raw = (text: string) => $(Object.assign([text], {raw: [text]}));
		const answers = await Promise.all(questions.map(([, command]) => raw(command)));
		const named = (values: readonly string[]) =>
			Object.fromEntries(questions.map(([name], index) => [name, values[index]]));
		expect(named(answers)).toEqual(named(questions.map(([, , answer]) => answer)));
		expect(box.scripts).toHaveLength(1);
	});

	test('one process for a plain command: the shell that asks is its parent', async () => {
		const parents = await Promise.all([$`cut -d ${' '} -f 4 /proc/self/stat`, $`awk ${'{print $4}'} /proc/self/stat`]);
		expect(parents[0]).toMatch(/^\d+$/);
		expect(parents[1]).toBe(parents[0]);
	});
});

describe('files', () => {
	const names = ['plain', "it's", 'a b', '$HOME', '`x`', '"', '\\back\\n', '*', '-n', 'é漢', '= 644 root:root x', '  '];

	test('odd names, all at once', async () => {
		const paths = names.map(name => `/srv/odd/${name}`);
		await box.peek(
			`mkdir -p /srv/odd; cd /srv/odd; ${names.map(name => `printf %s ${quote(name)} > ./${quote(name)}`).join('; ')}`,
		);
		const facts = await Promise.all(paths.map(path => $.file(path)));
		expect(facts.map(fact => fact?.digest)).toEqual(names.map(name => digest(name)));
		expect(box.scripts).toHaveLength(1);
	});

	test('links are followed; folders, loops and what dangles are no files', async () => {
		await box.peek(
			`cd /srv; echo x > target; chown games:4321 target; chmod 4750 target; ln -s target link; ln -s nowhere dangling; ln -s loop loop; mkdir folder; : > empty`,
		);
		const facts = await Promise.all(
			['link', 'dangling', 'loop', 'folder', 'empty', 'link/x'].map(name => $.file(`/srv/${name}`)),
		);
		expect(facts).toEqual([
			{digest: digest('x\n'), mode: '4750', owner: 'games:UNKNOWN'},
			null,
			null,
			null,
			{digest: digest(''), mode: '0644', owner: 'root:root'},
			null,
		]);
	});

	test('a name that could not be known again in the answer is refused', () => {
		for (const name of ['/a\nb', '/a\u001b[0m', '/a\u202eb']) expect(() => $.file(name)).toThrow('Not a path');
	});

	test('fileIs tells what hand.file would leave alone', async () => {
		await box.peek(`cd /srv; printf one > f; chmod 0600 f; chown games:games f`);
		const fact = await $.file('/srv/f');
		expect(fileIs(fact, 'one', {mode: '0600', owner: 'games:games'})).toBe(true);
		expect(fileIs(fact, new Secret('one'), {owner: 'games:games'})).toBe(true);
		expect(fileIs(fact, 'one', {owner: 'games:games'})).toBe(false);
		expect(fileIs(fact, 'one', {mode: '0600'})).toBe(false);
		expect(fileIs(fact, 'one\n', {mode: '0600', owner: 'games:games'})).toBe(false);
		expect(fileIs(null, '')).toBe(false);
	});
});

describe('no answer is never an answer', () => {
	test('a lost connection rejects all that was asked, and the next question is asked anew', async () => {
		box.faults.push({script: /lost/, when: 'after'});
		const asked = await Promise.allSettled([$`echo lost`, $`echo b`, $.file('/etc/passwd')]);
		for (const answer of asked) expect(answer).toMatchObject({status: 'rejected', reason: expect.any(Disconnected)});
		await box.reconnect();
		expect(await $`echo b`).toBe('b');
	});

	test('a box that has no room for the answers is no bare box', async () => {
		await box.peek('mount -t tmpfs -o nr_inodes=1 toy /run');
		const asked = await Promise.allSettled([$`echo a`, $.file('/etc/passwd')]);
		await box.peek('umount /run');
		for (const answer of asked) expect(answer).toMatchObject({status: 'rejected', reason: {code: 'not-answered'}});
	});

	test('nor is a part of one', async () => {
		const short = {
			outside: box.outside,
			run: async (script: string) => ({
				...(await box.run(script)),
				stdout: (await box.run(script)).stdout.slice(0, -60),
			}),
		};
		await expect(createProbe(short)`echo a; echo b`).rejects.toMatchObject({code: 'not-answered'});
	});
});
