import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Step} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {type Plan, run} from '../../source/engine/engine.ts';
import {undo} from '../../source/engine/take-back.ts';
import {causes} from '../../steps/causes/index.ts';
import {eachWithToys, hear, toyPlan, toyStep} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

describe('a step that fails', () => {
	const app = async (): Promise<AppOnBox> => ({
		name: 'toy',
		program: 'toy',
		manager: 'supervisor',
		configuration: '/etc/supervisor/conf.d/toy.conf',
		words: ['/srv/python'],
		user: 'root',
		folder: '/srv',
		release: '/srv',
		own: [],
		environment: '/srv/.env',
		log: '/srv/log',
		isOwn: true,
	});
	const options = z.object({environment: z.instanceof(Secret).optional().meta({secret: true, lines: true})});
	const starts = toyStep('a', {
		options,
		apply($) {
			$`grep -q '^STRIPE_KEY=' /srv/.env || { echo "KeyError: 'STRIPE_KEY'"; exit 1; }`;
			$.file('/srv/a', 'a\n');
		},
	});
	const planOf = (step: Step): Plan => {
		const plan = toyPlan([step], {causes});
		return {...plan, appOnBox: app};
	};

	test('is told by the cause of what the app has said, with what puts it right', async () => {
		await toys.box.peek("echo '# Further variables' > /srv/.env");
		const {all} = await hear(run(planOf(starts), toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed).toMatchObject({
			trouble: {what: 'The variable STRIPE_KEY is not set.', code: 'job-failed'},
			findings: [{cause: 'settings/missing-variable', fixes: [{id: 'fix/variable-stripe-key', asks: 'STRIPE_KEY'}]}],
		});
		expect(failed?.type === 'failed' && failed.trouble.means).toMatch(
			/^“a” stopped: .* from \/srv\/\.env, and there is none/,
		);
	});

	test('is told by no cause where it is this machine that fails: its journal, say', async () => {
		const own = new Trouble({
			what: 'The journal of this box can’t be read or written.',
			means: 'Nothing further is done.',
			next: 'See that the disk is not full.',
			evidence: ["EROFS: read-only file system, open '/home/jessica/hosts/a.json.new'"],
			code: 'journal-unwritable',
			elsewhere: true,
		});
		const failing = toyStep('a', {check: async () => await Promise.reject(own)});
		const {all} = await hear(run(planOf(failing), toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed).toMatchObject({trouble: {what: own.what, next: own.next, code: own.code}});
		expect(failed).not.toHaveProperty('findings');
	});

	test('goes on once the fix is made, and what was typed for it is kept among the answers', async () => {
		await toys.box.peek("printf '# Further variables\\nA=1\\n' > /srv/.env");
		toys.session.secrets.set('environment', new Secret('A=1'));
		const replies = {failed: [{fix: 'fix/variable-stripe-key', typed: new Secret("sk'1")}]};
		const {told, output} = await hear(run(planOf(starts), toys.session), replies);
		expect(told.slice(-6)).toEqual([
			'checking fix/variable-stripe-key',
			'running fix/variable-stripe-key',
			'verified fix/variable-stripe-key',
			'checking a',
			'running a',
			'verified a',
		]);
		expect(await toys.box.peek('cat /srv/.env')).toBe("# Further variables\nA=1\nSTRIPE_KEY='sk\\'1'\n");
		expect(toys.session.secrets.get('environment')?.reveal()).toBe("A='1'\nSTRIPE_KEY='sk\\'1'");
		expect(output.join('\n')).not.toContain("sk'1");
	});

	test('keeps nothing of it where the box itself keeps such answers', async () => {
		await toys.box.peek("echo '# Further variables' > /srv/.env");
		const replies = {failed: [{fix: 'fix/variable-stripe-key', typed: new Secret('sk_1')}]};
		const {told} = await hear(run(planOf(starts), toys.session), replies);
		expect(told.at(-1)).toBe('verified a');
		expect(toys.session.secrets.has('environment')).toBe(false);
	});

	test('is told as it is where nothing known was said', async () => {
		const unknown = toyStep('a', {options, apply: $ => $`echo Nobody knows this; exit 1`});
		const {all} = await hear(run(planOf(unknown), toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed).toMatchObject({trouble: {what: expect.stringContaining('“a” stopped')}});
		expect(failed).not.toHaveProperty('findings');
	});

	test('is told as it is where the box can be asked no more, as behind a host key that was switched', async () => {
		const shut = async () => {
			throw new Trouble({what: 'No key.', means: 'Shut.', next: 'Look.', code: 'host-key-not-pinned'});
		};
		const {all} = await hear(run({...planOf(starts), appOnBox: shut}, toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed).toMatchObject({trouble: {code: 'job-failed', what: expect.stringContaining('“a” stopped')}});
		expect(failed).not.toHaveProperty('findings');
	});

	test('is told by its cause where it was ended without a word, and where it is taken back', async () => {
		const ended = toyStep('a', {
			options,
			apply: $ => $`exit 137`,
			undo: $ => $`echo 'E: dpkg was interrupted, you must manually run'; exit 100`,
		});
		const {all} = await hear(run(planOf(ended), toys.session));
		expect(all.find(event => event.type === 'failed')).toMatchObject({trouble: {what: 'The box ran out of memory.'}});
		toys.session.journal.update(
			state => ({...state, box: {...state.box, steps: {a: {state: 'done', before: {}}}}}) as never,
		);
		const {all: back} = await hear(undo(planOf(ended), toys.session, ['a']));
		expect(back.find(event => event.type === 'failed')).toMatchObject({
			trouble: {what: 'An installation was cut off in the middle.'},
		});
	});
});
