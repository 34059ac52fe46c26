import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import {quote} from '../../source/contract/command.ts';
import {Secret} from '../../source/contract/secret.ts';
import {check, run} from '../../source/engine/engine.ts';
import {preview} from '../../source/engine/preview-plan.ts';
import {undo} from '../../source/engine/take-back.ts';
import {eachWithToys, files, hear, toyPlan, toyStep} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

describe('order', () => {
	test('steps are looked at together, then brought about one after the other; a second run changes nothing', async () => {
		const plan = toyPlan([toyStep('a'), toyStep('b')]);
		const {all, told, summary} = await hear(run(plan, toys.session));
		expect(all[0]).toMatchObject({type: 'planned', name: 'toy', steps: [{id: 'a'}, {id: 'b'}]});
		expect(told).toEqual(['checking a', 'running a', 'verified a', 'checking b', 'running b', 'verified b']);
		expect(summary).toMatchObject({changed: ['a', 'b'], inPlace: [], skipped: [], failed: []});
		expect(all.at(-1)).toEqual({type: 'done', summary});

		const again = await hear(run(plan, toys.session));
		expect(again.told).toEqual(['checking a', 'skipped a: in place', 'checking b', 'skipped b: in place']);
		expect(again.summary).toMatchObject({changed: [], inPlace: ['a', 'b']});
	});

	test('what an earlier step changed is seen by a later one', async () => {
		const later = toyStep('b', {check: $ => $`cat /srv/a`, done: facts => facts === 'a'});
		const {told} = await hear(run(toyPlan([toyStep('a'), later]), toys.session));
		expect(told.slice(-2)).toEqual(['checking b', 'skipped b: in place']);
	});

	test('each command is told before its output', async () => {
		const {output} = await hear(
			run(
				toyPlan([
					toyStep('a', {
						apply: $ => {
							$`echo hello`;
							$.file('/srv/a', 'a\n');
						},
					}),
				]),
				toys.session,
			),
		);
		expect(output).toEqual(['$ echo hello', 'hello', '$ write /srv/a (0644 root:root)']);
	});

	test('what is left out or not wanted is said, and not done', async () => {
		const plan = toyPlan([toyStep('a'), toyStep('b', {wanted: () => false}), toyStep('c')], {leftOut: ['a']});
		const {told, summary} = await hear(run(plan, toys.session));
		expect(told.slice(0, 2)).toEqual(['skipped a: left out', 'skipped b: not wanted']);
		expect(summary).toMatchObject({changed: ['c'], skipped: ['a', 'b']});
		expect(await files(toys.box)).toBe('c');
	});

	test('a step that waits for others is asked again until nothing is awaited', async () => {
		const wait = {what: 'others', show: [], seen: ['not yet'], every: 1};
		const step = toyStep('a', {
			wait: async $ => ((await $`echo x >> /srv/asked; wc -l < /srv/asked`) === '3' ? undefined : wait),
		});
		const {told} = await hear(run(toyPlan([step]), toys.session));
		expect(told).toEqual(['checking a', 'running a', 'waiting a', 'waiting a', 'verified a']);
	});

	test('a wait that the person ends is a failure that can be gone back to', async () => {
		const step = toyStep('a', {wait: async () => ({what: 'others', show: [], seen: [], every: 1})});
		const {told} = await hear(run(toyPlan([step]), toys.session), {waiting: [{action: 'quit'}]});
		expect(told.at(-1)).toBe('failed a: still-waiting');
	});

	test('records are sent from here, after the job', async () => {
		const server = {server: 'ns', zone: 'z', key: 'k', secret: new Secret('s')};
		const sent: unknown[] = [];
		const step = toyStep('a', {
			apply($) {
				$.records(server, [{name: 'n', type: 'A', value: 'v', ttl: 1}]);
				$.file('/srv/a', 'a\n');
			},
		});
		const sendRecords = async (_: unknown, records: unknown, action: string) =>
			void sent.push(action, records, await files(toys.box));
		await hear(run(toyPlan([step], {sendRecords}), toys.session));
		expect(sent).toEqual(['make', [{name: 'n', type: 'A', value: 'v', ttl: 1}], 'a']);
	});
});

describe('answers', () => {
	const asks = z.object({name: z.string().min(1), size: z.number().default(3)});

	test('what is missing is asked for before anything is touched, again while it is wrong', async () => {
		const step = toyStep('a', {
			options: asks,
			apply: ($, _, {name, size}) => $.file('/srv/a', `a\n# ${name} ${size}\n`),
			done: facts => facts.startsWith('a'),
		});
		const {told} = await hear(run(toyPlan([step]), toys.session), {
			asking: [{answers: {name: 7}}, {answers: {name: 'x'}}],
		});
		expect(told).toEqual(['asking a: name', 'asking a: name', 'checking a', 'running a', 'verified a']);
		expect(await toys.box.peek('cat /srv/a')).toBe('a\n# x 3\n');
	});

	test('nobody answers: nothing is touched, and it is told as failed', async () => {
		const {told, summary} = await hear(run(toyPlan([toyStep('a', {options: asks})]), toys.session));
		expect(told).toEqual(['asking a: name']);
		expect(summary.failed).toEqual(['a']);
		expect(await files(toys.box)).toBe('');
	});

	describe('what only the person can decide', () => {
		const concern = (_: unknown, {name}: {readonly name?: string}, before: unknown) =>
			name === 'use' || before === '' ? undefined : {option: 'name', message: 'It is there already.'};
		const careful = (other: Parameters<typeof toyStep>[1] = {}) =>
			toyStep('b', {options: asks.partial(), concern, ...other});

		test('is asked before anything is touched, also by an earlier step', async () => {
			const plan = toyPlan([toyStep('a'), careful()]);
			const {told, summary} = await hear(run(plan, toys.session));
			expect(told).toEqual(['asking b: name']);
			expect(summary).toMatchObject({changed: [], failed: ['b']});
			expect(await files(toys.box)).toBe('');
			const [, preview1] = await preview(plan, toys.session);
			expect(preview1).toMatchObject({state: 'to do', concern: {option: 'name', message: 'It is there already.'}});
		});

		test('is told all at once, whichever steps have found it', async () => {
			const other = (_: unknown, {other: answer}: {readonly other?: string}) =>
				answer === 'use' ? undefined : {option: 'other', message: 'That too.'};
			const also = toyStep('c', {options: z.object({other: z.string()}).partial(), concern: other});
			const plan = toyPlan([careful(), also]);
			expect((await hear(run(plan, toys.session))).told).toEqual(['asking b: name other']);
			const {told} = await hear(run(plan, toys.session), {asking: [{answers: {name: 'use', other: 'use'}}]});
			expect(told.at(-1)).toBe('verified c');
		});

		test('is asked again until it is decided', async () => {
			const replies = {asking: [{answers: {name: 'no'}}, {answers: {name: 'use'}}]};
			const {told} = await hear(run(toyPlan([careful()]), toys.session), replies);
			expect(told).toEqual(['asking b: name', 'asking b: name', 'checking b', 'running b', 'verified b']);
		});

		test('is no question any more where the step itself made what is there', async () => {
			toys.session.journal.update(state => ({
				...state,
				box: {...state.box, steps: {b: {state: 'started', at: '2026-01-02T03:04:05Z', seconds: 0, before: ''}}},
			}));
			const {told} = await hear(run(toyPlan([careful()]), toys.session));
			expect(told[0]).toBe('checking b');
		});

		test('comes up as a failure where an earlier step has brought it', async () => {
			const late = careful({concern: facts => (facts === 'late' ? {option: 'name', message: 'Late.'} : undefined)});
			const early = toyStep('a', {
				apply($) {
					$.file('/srv/a', 'a\n');
					$.file('/srv/b', 'late\n');
				},
			});
			const {told} = await hear(run(toyPlan([early, late]), toys.session));
			expect(told.at(-1)).toBe('failed b: undecided');
			expect(await toys.box.peek('cat /srv/b')).toBe('late\n');
		});
	});

	test('what a left out step would want is not asked for', async () => {
		const {told} = await hear(
			run(toyPlan([toyStep('a', {options: asks}), toyStep('b')], {leftOut: ['a']}), toys.session),
		);
		expect(told[0]).toBe('skipped a: left out');
	});

	const password = z.instanceof(Secret).meta({secret: true, generate: 20});
	const keeping = toyStep('a', {
		options: z.object({password}),
		check: $ => $`head -c 1 /srv/a`,
		done: facts => facts !== '',
		apply: ($, _, options) => {
			$.file('/srv/a', options.password as Secret);
			$`cat /srv/a; echo`;
		},
	});

	test('a secret is made once, kept in the vault, and masked wherever it turns up', async () => {
		const {output} = await hear(run(toyPlan([keeping]), toys.session));
		const made = toys.session.secrets.get('password')?.reveal() ?? '';
		expect(made).toHaveLength(20);
		expect(await toys.box.peek('cat /srv/a')).toBe(made);
		expect(output.join('\n')).not.toContain(made);
		expect(JSON.stringify(toys.session.journal.read())).not.toContain(made);
		expect(await toys.box.peek(`grep -rlF ${quote(made)} /var/lib/boxwizard /run | grep -v /log$`)).toBe('');
		await toys.box.peek('rm /srv/a');
		await hear(run(toyPlan([keeping]), toys.session));
		expect(await toys.box.peek('cat /srv/a')).toBe(made);
	});

	test('who only looks makes none', async () => {
		await hear(check(toyPlan([keeping]), toys.session));
		await preview(toyPlan([keeping]), toys.session);
		await hear(undo(toyPlan([keeping]), toys.session, ['a']));
		expect(toys.session.secrets.size).toBe(0);
	});

	test('a sudo password that was just made up is the box’s only once its step has run', async () => {
		const account = toyStep('account', {
			options: z.object({user: z.string(), sudoPassword: password}),
			verify: async () => {
				expect(toys.box.sudoPasswords.has('jessica')).toBe(true);
			},
		});
		const plan = toyPlan(
			[
				toyStep('a', {
					apply: $ => {
						expect(toys.box.sudoPasswords.size).toBe(0);
						$.file('/srv/a', 'a\n');
					},
				}),
				account,
			],
			{answers: {user: 'jessica'}},
		);
		const {summary} = await hear(run(plan, toys.session));
		expect(summary.changed).toEqual(['a', 'account']);
		expect(toys.box.sudoPasswords.get('jessica')).toBe(toys.session.secrets.get('sudoPassword')?.reveal());
	});
});
