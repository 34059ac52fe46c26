import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import {check, run} from '../../source/engine/engine.ts';
import {preview} from '../../source/engine/preview-plan.ts';
import {undo} from '../../source/engine/take-back.ts';
import {secret} from '../../steps/options/secret.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {files, hear, type ToySession, toyPlan, toySession, toyStep, trouble} from '../fixtures/toy-run.ts';

let box: ToyBox;
let session: ToySession;

beforeEach(async () => {
	box = await ToyBox.open();
	session = toySession(box);
});
afterEach(async () => box.close());

/** A step that takes a secret called `token` as its check and apply do: the box holds it in /srv/token. */
const withToken = (id: string, meta: OptionMeta = {}) =>
	toyStep(id, {
		options: z.object({token: secret({title: 'Token', ...meta})}),
		check: $ => $`cat /srv/token`,
		done: (facts, {token}) => facts === (token as Secret).reveal(),
		apply: ($, _facts, {token}) => $.file('/srv/token', token as Secret),
	});

describe('a secret that nobody has given', () => {
	const recall = () => 'cat /srv/token';

	test('is the one that the box keeps', async () => {
		await box.peek('echo hunter2 > /srv/token');
		expect((await hear(check(toyPlan([withToken('a', {recall})]), session))).told).toEqual(['skipped a: in place']);
	});

	test('is asked for by no check: where the box lacks it, it differs', async () => {
		const steps = [withToken('a', {recall}), toyStep('b', {options: z.object({key: secret({title: 'Key'})})})];
		expect((await hear(check(toyPlan(steps), session))).told).toEqual(['differs a', 'differs b']);
		expect(session.secrets.size).toBe(0);
	});

	test('leaves no gap in a preview', async () => {
		const [todo] = await preview(toyPlan([withToken('a')]), session);
		expect(todo).toMatchObject({state: 'to do', files: [{path: '/srv/token', secret: true}]});
	});

	test('is asked for by a run', async () => {
		expect((await hear(run(toyPlan([withToken('a', {recall})]), session))).told).toEqual(['asking a: token']);
	});

	test('one that is given and does not fit is asked for all the same', async () => {
		const plan = toyPlan([withToken('a')], {answers: {token: new Secret('two\nlines')}});
		expect((await hear(check(plan, session))).told).toEqual(['asking a: token']);
	});
});

describe('check', () => {
	test('does not ask what only left-out steps take', async () => {
		const steps = [toyStep('a', {options: z.object({name: z.string()})}), toyStep('b')];
		expect((await hear(check(toyPlan(steps, {leftOut: ['a']}), session))).told).toEqual([
			'skipped a: left out',
			'differs b',
		]);
	});

	test('tells what differs, and touches nothing', async () => {
		await box.peek('echo a > /srv/a');
		const steps = [toyStep('a'), toyStep('b'), toyStep('c', {wanted: () => false})];
		const state = 'find /srv /run /var/lib/boxwizard /etc/systemd -path /run/toy -prune -o -printf "%p %T@\\n" | sort';
		const before = await box.peek(state);
		const {told, summary} = await hear(check(toyPlan(steps), session));
		expect(told).toEqual(['skipped c: not wanted', 'skipped a: in place', 'differs b']);
		expect(summary).toMatchObject({changed: [], inPlace: ['a'], failed: ['b'], skipped: ['c']});
		expect((await box.peek(state)).replace(/^\/run .*\n/m, '')).toBe(before.replace(/^\/run .*\n/m, ''));
		expect(session.journal.read().box.steps).toEqual({});
		expect(box.roundTrips).toBe(1);
	});

	test('a step that can’t be looked at is named, and the others are told all the same', async () => {
		const blind = toyStep('a', {
			check: async () => {
				throw trouble('too-small');
			},
		});
		const {told, all, summary} = await hear(check(toyPlan([blind, toyStep('b')]), session));
		expect(told).toEqual(['differs a', 'differs b']);
		expect(all.find(event => event.type === 'differs')).toMatchObject({trouble: {code: 'too-small'}});
		expect(summary.failed).toEqual(['a', 'b']);
	});

	test('takes no lock, also after a lost connection', async () => {
		box.faults.push({script: /cat \/srv\/a/, when: 'after'});
		const {told} = await hear(check(toyPlan([toyStep('a')]), session));
		expect(told).toEqual(['reconnecting', 'differs a']);
		expect(box.scripts.join('\n')).not.toContain('flock');
	});
});

describe('undo', () => {
	test('last first, with the first facts, and leaves nothing of boxwizard', async () => {
		await box.peek('echo old > /srv/a');
		const steps = [toyStep('a'), toyStep('b'), toyStep('c')];
		await hear(run(toyPlan(steps, {leftOut: ['c']}), session));
		const {told} = await hear(undo(toyPlan(steps), session, ['a', 'b', 'c']));
		expect(told).toEqual(['skipped c: left out', 'running b', 'undone b', 'running a', 'undone a']);
		expect(await box.peek('cat /srv/a; ls /srv; ls -A /var/lib/boxwizard 2>/dev/null')).toBe('old\na\nfull\n');
		expect(session.journal.read().box.steps).toEqual({});
	});

	test('what a step is asked to be taken back by alone stays alone', async () => {
		const steps = [toyStep('a'), toyStep('b')];
		await hear(run(toyPlan(steps), session));
		await hear(undo(toyPlan(steps), session, ['a']));
		expect(await files(box)).toBe('b');
		expect(Object.keys(session.journal.read().box.steps)).toEqual(['b']);
		// The box's copy says the same to a colleague's laptop.
		const copy = JSON.parse(await box.peek('cat /var/lib/boxwizard/journal.json'));
		expect(Object.keys(copy.box.steps)).toEqual(['b']);
	});
});

describe('preview', () => {
	test('shows commands, files and packages of what is to do, as the box is now', async () => {
		await box.peek('printf "a\\nold\\n" > /srv/f; echo p > /srv/p');
		const step = toyStep('a', {
			apply($) {
				$`echo ${'it is'} | cat`;
				$.file('/srv/f', 'a\nnew\n');
				$.line('/srv/p', 'p 2', '^p[[:space:]]*$');
				$.packages(['nginx']);
				$.file('/srv/s', new Secret('hunter2'));
			},
		});
		const plan = toyPlan([
			toyStep('p'),
			step,
			toyStep('c', {wanted: () => false}),
			toyStep('d', {
				check: async () => {
					throw trouble('x');
				},
			}),
		]);
		const [inPlace, todo, unwanted, unknown] = await preview(plan, session);
		expect([inPlace?.state, unwanted?.state, unknown?.state]).toEqual(['in place', 'not wanted', 'unknown']);
		expect(todo).toMatchObject({
			state: 'to do',
			packages: ['nginx'],
			files: [
				{path: '/srv/f', added: 1, removed: 1, secret: false},
				{path: '/srv/p', added: 1, removed: 1, secret: false},
				{path: '/srv/s', patch: '', secret: true},
			],
		});
		expect(todo?.commands).toContain("echo 'it is' | cat");
		expect(JSON.stringify(todo)).not.toContain('hunter2');
		expect(await files(box)).toBe('f\np');
	});
});

describe('a step that was changed', () => {
	/** Puts down what it found of the step before it. */
	const reading = (id: string, before: string) =>
		toyStep(id, {
			check: $ => $`cat /srv/${before} /srv/${id}`,
			done: facts => facts.endsWith('seen'),
			apply: ($, facts) => $.file(`/srv/${id}`, `${facts} seen\n`),
		});

	test('is looked at for the last time together with the one after it, which finds what it has made', async () => {
		const {told} = await hear(run(toyPlan([toyStep('a'), reading('b', 'a'), toyStep('c')]), session));
		expect(told.filter(line => line.startsWith('verified'))).toEqual(['verified a', 'verified b', 'verified c']);
		expect(await box.peek('cat /srv/b')).toBe('a seen\n');
		const looks = box.scripts.filter(script => /cat \/srv\/[abc]/.test(script));
		// All together at first; a and b; b and c; c.
		expect(looks.map(script => ['/srv/a', '/srv/b', '/srv/c'].filter(path => script.includes(path)))).toEqual([
			['/srv/a', '/srv/b', '/srv/c'],
			['/srv/a', '/srv/b'],
			['/srv/a', '/srv/b', '/srv/c'],
			['/srv/c'],
		]);
	});

	test('that is taken back after all leaves the one after it to look for itself', async () => {
		const a = toyStep('a', {done: () => false});
		const {told} = await hear(run(toyPlan([a, reading('b', 'a')]), session), {failed: [{action: 'undo'}]});
		expect(told).toContain('undone a');
		expect(await box.peek('cat /srv/b')).toBe(' seen\n');
	});
});
