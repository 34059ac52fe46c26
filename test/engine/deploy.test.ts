import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Step} from '../../source/contract/step.ts';
import {deploy, renewed, rollback} from '../../source/engine/deploy.ts';
import type {Plan} from '../../source/engine/engine.ts';
import {run} from '../../source/engine/engine.ts';
import {createProbe} from '../../source/remote/probe.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {hear, type ToySession, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

let box: ToyBox;
let session: ToySession;

beforeEach(async () => {
	box = await ToyBox.open();
	session = toySession(box);
	await box.peek('echo v1 > /srv/remote');
});
afterEach(async () => box.close());

const version = (text: string) => (text === '' ? undefined : {id: text, title: `version ${text}`});

/** /srv/remote is where versions come from, /srv/next and /srv/current are a release to come and the live one, /srv/served what serves. */
const code: Step = toyStep('code', {
	check: $ => $`cat /srv/next || cat /srv/current`,
	done: facts => facts !== '',
	apply: $ => $`cp /srv/remote /srv/next`,
	async version($) {
		const [live, next] = await Promise.all([$`cat /srv/current`, $`cat /srv/next`]);
		return {...(live && {live: version(live)}), ...(next && {next: version(next)})};
	},
	newest: $ => $`cat /srv/remote`,
	async releases($) {
		const names = (await $`ls -r /srv/releases`).split('\n').filter(name => name !== '');
		const now = await $`cat /srv/current`;
		return names.map(name => ({
			name,
			id: name,
			title: `version ${name}`,
			isLive: name === now,
			isWhole: name !== 'half',
		}));
	},
	takeUp: ($, _answers, name) => $`cp ${`/srv/releases/${name}`} /srv/next`,
});

const tables: Step = toyStep('tables', {
	check: $ => $`grep -q bad /srv/next && echo bad`,
	done: facts => facts !== 'bad',
	apply: $ => $`grep -v bad /srv/next`,
});
const live: Step = toyStep('live', {
	check: async $ => ({next: await $`cat /srv/next`, current: await $`cat /srv/current`}) as never,
	switches: true,
	done: facts => (facts as unknown as {next: string}).next === '',
	apply: $ => $`mv /srv/next /srv/current`,
	abandon($, before) {
		$`rm -f /srv/next`;
		$.file('/srv/current', `${(before as unknown as {current: string}).current}\n`);
	},
});
const served: Step = toyStep('served', {
	check: $ => $`cmp -s /srv/current /srv/served && echo same`,
	visits: {
		mark: $ => $`wc -l < /srv/requests || echo 0`,
		async since($, _answers, mark) {
			const lines = (await $`tail -n ${`+${Number(mark) + 1}`} /srv/requests`).split('\n').filter(line => line !== '');
			return {requests: lines.length, failures: lines.filter(line => line === '502').length};
		},
	},
	done: facts => facts === 'same',
	apply($) {
		$`grep -qv ugly /srv/current`;
		$`cp /srv/current /srv/served; printf '200\\n502\\n200\\n' >> /srv/requests`;
	},
});
const other = toyStep('other');

function plan(): Plan {
	return toyPlan([other, code, tables, live, served]);
}

const stages = ['code', 'tables', 'live', 'served'];

const state = async () =>
	(await box.peek('cd /srv; head remote current next served 2>/dev/null | paste -sd" "')).trim();

test('nothing has moved: nothing is done, and it is said', async () => {
	await hear(run(plan(), session));
	const {told, all} = await hear(deploy(plan(), stages, session));
	expect(told.filter(line => /running|proving/.test(line))).toEqual([]);
	expect(told).not.toContain('checking other');
	expect(all.find(({type}) => type === 'live')).toMatchObject({id: 'v1', title: 'version v1', isNew: false});
});

test('a newer version goes live', async () => {
	await hear(run(plan(), session));
	const {progress} = session.journal.read();
	await box.peek('echo v2 > /srv/remote');
	const {told, all, summary} = await hear(deploy(plan(), stages, session));
	expect(summary).toMatchObject({changed: ['code', 'live', 'served'], inPlace: ['tables'], failed: []});
	// Told as soon as the step that switches is done, and once.
	expect(told.slice(-6)).toEqual([
		'verified live',
		'live code',
		'checking served',
		'running served',
		'verified served',
		'visited served',
	]);
	// One that came before it began is no matter.
	expect(all.find(({type}) => type === 'visited')).toMatchObject({requests: 3, failures: 1});
	expect(all.find(({type}) => type === 'live')).toMatchObject({id: 'v2', isNew: true});
	expect(await state()).toBe('==> remote <== v2  ==> current <== v2  ==> served <== v2');
	// How far the set-up came is none of its business.
	expect(session.journal.read().progress).toEqual(progress);
});

test('one that fails before the switch leaves the live one alone', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v2-bad > /srv/remote');
	const {told, all, summary} = await hear(deploy(plan(), stages, session));
	expect(summary.failed).toEqual(['tables']);
	expect(told).toContain('reverted live');
	expect(told).not.toContain('running served');
	expect(all.find(({type}) => type === 'live')).toMatchObject({id: 'v1', isNew: false});
	expect(await state()).toBe('==> remote <== v2-bad  ==> current <== v1  ==> served <== v1');
});

test('one that fails after the switch is switched back, and what ran runs again', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v2-ugly > /srv/remote');
	const {told, all} = await hear(deploy(plan(), stages, session));
	expect(told).toContain('reverted live');
	expect(told.slice(-4)).toEqual(['checking served', 'verified served', 'live code', 'visited served']);
	expect(all.filter(({type}) => type === 'live')).toMatchObject([
		{id: 'v2-ugly', isNew: true},
		{id: 'v1', isNew: false},
	]);
	expect(await state()).toBe('==> remote <== v2-ugly  ==> current <== v1  ==> served <== v1');
});

test('one that was made ready before is gone on with', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v2 > /srv/remote; echo v2 > /srv/next');
	const {told, summary} = await hear(deploy(plan(), stages, session));
	expect(told).not.toContain('running code');
	expect(summary.changed).toEqual(['live', 'served']);
});

test('a retry after a clone that failed does not take the live version for the new one', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v2 > /srv/remote; touch /srv/offline');
	const flaky = {
		...code,
		apply: ($: Parameters<Step['apply']>[0]) => {
			$`if rm /srv/offline 2>/dev/null; then false; fi`;
			$`cp /srv/remote /srv/next`;
		},
	};
	const steps = plan().steps.map(step => (step.id === 'code' ? flaky : step));
	const {summary} = await hear(deploy({...plan(), steps}, stages, session), {failed: [{action: 'retry'}]});
	expect(summary).toMatchObject({changed: ['code', 'live', 'served'], failed: []});
	expect(await state()).toContain('served <== v2');
});

test('where nothing is live yet, or the kind knows no versions, it is refused in words', async () => {
	await expect(hear(deploy(plan(), stages, session))).rejects.toMatchObject({code: 'nothing-live'});
	await expect(hear(deploy(toyPlan([other]), stages, session))).rejects.toMatchObject({code: 'nothing-to-deploy'});
});

test('whether a newer version is made ready is said by the facts, not by what was looked at last', async () => {
	await box.peek('echo v1 > /srv/current');
	const step = renewed(code, undefined);
	const probe = createProbe(box);
	const before = await step.check(probe, {});
	await box.peek('cp /srv/remote /srv/next');
	const after = await step.check(probe, {});
	expect([before, after].map(facts => step.done(facts, {}))).toEqual([false, true]);
});

test('what a first deploy from this machine journals of the code is what the step itself had found', async () => {
	await hear(run(plan(), session));
	session.journal.update(state => ({...state, box: {...state.box, steps: {}}}));
	await box.peek('echo v2 > /srv/remote');
	await hear(deploy(plan(), stages, session));
	expect(session.journal.read().box.steps.code).toMatchObject({before: 'v1', state: 'done'});
});

test('of two deploys at once the second names the first: who, since when, and what', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v2 > /srv/remote');
	const jessica = {...session, holder: 'jessica@laptop, process 11, since 2026-11-28 12:00 UTC'};
	const paul = {...session, holder: 'paul@desk, process 22, since 2026-11-28 12:01 UTC'};
	const first = deploy({...plan(), answers: {app: 'blog'}}, stages, jessica);
	for await (const {type} of {[Symbol.asyncIterator]: () => ({next: () => first.next()})})
		if (type === 'checking') break;
	await expect(hear(deploy({...plan(), answers: {app: 'shop'}}, stages, paul))).rejects.toMatchObject({
		code: 'locked',
		message: expect.stringContaining(`${jessica.holder}; it deploys blog.`),
	});
	const {summary} = await hear(first);
	expect(summary.failed).toEqual([]);
	expect(await state()).toContain('served <== v2');
});

test('the version that was shown is brought, also where a newer one has come since', async () => {
	await hear(run(plan(), session));
	await box.peek('echo v3 > /srv/remote');
	const exact = {
		...code,
		bring: ($: Parameters<Step['apply']>[0], _: unknown, _answers: unknown, to: string) =>
			$.file('/srv/next', `${to}\n`),
	};
	const steps = plan().steps.map(step => (step.id === 'code' ? exact : step));
	const {all} = await hear(deploy({...plan(), steps}, stages, session, 'v2'));
	expect(all.find(({type}) => type === 'live')).toMatchObject({id: 'v2', isNew: true});
	expect(await state()).toBe('==> remote <== v3  ==> current <== v2  ==> served <== v2');
});

const back = ['code', 'live', 'served'];

test('a release of before takes over again, and nothing is asked of where versions come from', async () => {
	await hear(run(plan(), session));
	await box.peek('mkdir /srv/releases; echo v0 > /srv/releases/v0; rm /srv/remote');
	const {all, summary} = await hear(rollback(plan(), back, session, 'v0'));
	expect(summary).toMatchObject({changed: ['code', 'live', 'served'], failed: []});
	expect(all.find(({type}) => type === 'live')).toMatchObject({id: 'v0', isNew: true});
	expect(await state()).toBe('==> current <== v0  ==> served <== v0');
});

test('one that fails is gone forward from', async () => {
	await hear(run(plan(), session));
	await box.peek('mkdir /srv/releases; echo ugly > /srv/releases/ugly');
	const {all, summary} = await hear(rollback(plan(), back, session, 'ugly'));
	expect(summary.failed).toEqual(['served']);
	expect(all.findLast(({type}) => type === 'live')).toMatchObject({id: 'v1', isNew: false});
	expect(await state()).toBe('==> remote <== v1  ==> current <== v1  ==> served <== v1');
});

test.each(['v9', 'half'])('there is no way back to %s: nothing is done', async name => {
	await hear(run(plan(), session));
	await box.peek('mkdir /srv/releases; echo v0 > /srv/releases/v0; echo half > /srv/releases/half');
	await expect(hear(rollback(plan(), back, session, name))).rejects.toMatchObject({code: 'no-release'});
	expect(await state()).toBe('==> remote <== v1  ==> current <== v1  ==> served <== v1');
});
