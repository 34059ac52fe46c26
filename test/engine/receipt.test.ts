import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {z} from 'zod';
import type {Secret} from '../../source/contract/secret.ts';
import {secretly} from '../../source/contract/secret.ts';
import {defineStep, type Step} from '../../source/contract/step.ts';
import {receipt} from '../../source/engine/receipt.ts';
import type {FixRecord, JournalState} from '../../source/state/journal-state.ts';
import {toyPlan} from '../fixtures/toy-run.ts';

const page = defineStep({
	id: 'toy/page',
	title: 'The page',
	why: 'It is what people see.',
	options: z.object({word: z.string(), token: z.custom<Secret>().meta({secret: true})}),
	check: async () => ({old: 'none'}),
	done: () => false,
	apply($, {old}, {word, token}) {
		$.packages(['nginx']);
		$.file('/srv/page', `was ${old}\nis ${word}\n\`\`\`\n`);
		$.file('/srv/token', secretly`token=${token}\n`);
		$.backup('/etc/kept');
		$`nginx -t`;
		$.service('nginx', 'reload');
	},
	undo($) {
		$.restore('/srv/page');
		$.removePackages();
	},
	notUndone: 'What people have seen.',
});

const other = defineStep({...page, id: 'toy/other', title: 'Another'});
const plan = toyPlan([page, other] as unknown as readonly Step[], {answers: {word: 'hello'}});

const state: JournalState = {
	version: 5,
	host: '203.0.113.7',
	port: 2222,
	user: 'root',
	admin: 'jessica',
	box: {
		answers: {word: 'hello'},
		leftOut: [],
		steps: {
			'toy/page': {
				state: 'done',
				at: '2026-11-21T03:10:00.000Z',
				seconds: 3.2,
				before: {old: 'stock'},
				by: 'jessica@laptop',
			},
		},
	},
	apps: {blog: {kind: 'toy', answers: {domain: 'blog.example.com'}, leftOut: [], steps: {}}},
};

test('says what was done, when, by whom, with every file and command, and masks secrets', () => {
	const text = receipt(state, plan);
	expect(text).toContain('# What boxwizard did to blog.example.com');
	expect(text).toContain('Done 2026-11-21 03:10 by jessica@laptop, in 4 s.');
	expect(text).toContain('apt-get install --no-install-recommends nginx');
	// A fence that the file's own does not end.
	expect(text).toContain('`/srv/page` (mode 0644, owner root:root):\n\n````\nwas stock\nis hello\n```\n````');
	expect(text).toContain('`/srv/token` (mode 0600, owner root:root):\n\n```\ntoken=••••••\n```');
	expect(text).toContain('nginx -t\nsystemctl reload nginx');
	expect(text).toContain('back box/toy/page /srv/page\npurge box/toy/page');
	expect(text).toContain('What people have seen.');
});

test('leaves out what was not done', () => {
	expect(receipt(state, plan)).not.toContain('toy/other');
});

/** The state with a fix that doctor made: its record, and what the journal keeps of it. */
function mended(fix: FixRecord | undefined, id = 'fix/mail-queue'): JournalState {
	const entry = {state: 'done', at: '2026-11-22T04:00:00.000Z', seconds: 1, before: null, by: 'sam@desk'} as const;
	const {box} = state;
	return {...state, box: {...box, steps: {...box.steps, [id]: entry}, ...(fix && {fixes: {[id]: fix}})}};
}

const fix: FixRecord = {
	title: 'Send what waits',
	why: 'Mail lies in the queue.',
	notUndone: 'Mail that was sent.',
	done: [
		{kind: 'file', path: '/etc/queue', content: 'go\n', mode: '0644', owner: 'root:root'},
		{kind: 'run', command: 'postqueue -f'},
	],
	undo: [{kind: 'restore', path: '/etc/queue'}],
};

test('lists what doctor and troubleshoot mended, and how to undo it before all else', () => {
	const [head = '', undone = ''] = receipt(mended(fix), plan).split('## To undo it by hand');
	const [, besides = ''] = head.split('## What was mended besides');
	expect(besides).toContain('### Send what waits (`fix/mail-queue`)\n\nMail lies in the queue.\n');
	expect(besides).toContain('Done 2026-11-22 04:00 by sam@desk, in 1 s.');
	expect(besides).toContain('`/etc/queue` (mode 0644, owner root:root):\n\n```\ngo\n```\n\n```sh\npostqueue -f\n```');
	expect(undone).toContain(
		"```sh\nback box/fix/mail-queue /etc/queue\n```\n\nIt can't bring back everything: Mail that was",
	);
	expect(undone.indexOf('fix/mail-queue')).toBeLessThan(undone.indexOf('toy/page'));
});

test('of a fix whose journal is older it says what is known', () => {
	const {done: _done, ...older} = fix;
	const text = receipt(mended(older), plan);
	expect(text).toContain('in 1 s.\n\nIts files and commands were not kept.');
	expect(text).toContain('back box/fix/mail-queue /etc/queue');
	const unknown = receipt(mended(undefined, 'tls/renewNow'), plan);
	expect(unknown).toContain('### tls/renewNow (`tls/renewNow`)\n\nIt is no step of a set-up.');
	expect(unknown).toContain('What would take it back was not kept.');
	expect(receipt(state, plan)).not.toContain('besides');
});

test('what undoes by hand puts the original back, takes the new away, and leaves the untouched alone', () => {
	const [, functions = ''] = /two functions fetch it:\n\n```sh\n(.*?)```/s.exec(receipt(state, plan)) ?? [];
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-receipt-'));
	try {
		const at = (name: string) => join(folder, name);
		const kept = at('kept');
		mkdirSync(`${kept}/box/toy/page/original${folder}`, {recursive: true});
		mkdirSync(`${kept}/box/toy/page/absent${folder}`, {recursive: true});
		writeFileSync(`${kept}/box/toy/page/original${at('changed')}`, 'old');
		writeFileSync(`${kept}/box/toy/page/absent${at('new')}`, '');
		for (const name of ['changed', 'new', 'untouched']) writeFileSync(at(name), 'now');
		const calls = ['changed', 'new', 'untouched'].map(name => `back box/toy/page ${at(name)}`);
		const script = [functions.replace(/^kept=.*$/m, `kept=${kept}`), ...calls].join('\n');
		execFileSync('sh', ['-eu', '-c', script]);
		expect(readFileSync(at('changed'), 'utf8')).toBe('old');
		expect(existsSync(at('new'))).toBe(false);
		expect(readFileSync(at('untouched'), 'utf8')).toBe('now');
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
});
