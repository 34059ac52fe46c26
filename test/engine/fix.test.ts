import {afterEach, beforeEach, expect, test} from 'vitest';
import {fixOf} from '../../source/contract/diagnosis/fix.ts';
import {mask, Secret, secretly} from '../../source/contract/secret.ts';
import type {Hand} from '../../source/contract/step.ts';
import {journalFix, keptFixes} from '../../source/engine/fixes/journaled-fixes.ts';
import {previewFix} from '../../source/engine/fixes/preview-fix.ts';
import {newRun} from '../../source/engine/run/run.ts';
import {applyFix} from '../../source/engine/run/run-step.ts';
import {undo} from '../../source/engine/take-back.ts';
import {record} from '../../source/remote/recorder.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {files, hear, type ToySession, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

let box: ToyBox;
let session: ToySession;

beforeEach(async () => {
	box = await ToyBox.open();
	session = toySession(box);
});
afterEach(async () => box.close());

const brokenFile = fixOf({
	name: 'broken-file',
	title: 'Write the file anew',
	why: 'It is broken.',
	check: $ => $`cat /srv/broken`,
	done: facts => facts === 'whole',
	apply: $ => $.file('/srv/broken', 'whole\n'),
	undo($, before) {
		$.restore('/srv/broken');
		$.file('/srv/before', `${before}\n`);
	},
});

const mended = async () => {
	const run = newRun(toyPlan([toyStep('a')]), session, false);
	const events = applyFix(run, brokenFile);
	const told: string[] = [];
	for (let next = await events.next(); ; next = await events.next()) {
		if (next.done) return {told, outcome: next.value};
		told.push(next.value.type);
	}
};

test('a fix is shown, applied as a step is, journaled, and leaves what is known of the road alone', async () => {
	await box.peek('echo broken > /srv/broken');
	session.journal.update(state => ({...state, progress: {inPlace: 7, wanted: 9}}));
	const shown = await previewFix(newRun(toyPlan([toyStep('a')]), session, false), brokenFile);
	expect(shown).toMatchObject({state: 'to do', commands: ['write /srv/broken (0644 root:root)'], files: [{added: 1}]});
	expect((await mended()).outcome).toBe('changed');
	expect(await box.peek('cat /srv/broken')).toBe('whole\n');
	expect(session.journal.read()).toMatchObject({
		progress: {inPlace: 7, wanted: 9},
		box: {
			steps: {'fix/broken-file': {state: 'done', before: 'broken'}},
			fixes: {
				'fix/broken-file': {
					title: 'Write the file anew',
					done: [{kind: 'file', path: '/srv/broken', content: 'whole\n'}],
				},
			},
		},
	});
	expect((await mended()).outcome).toBe('in place');
});

test('a fix is taken back by its id alone, with what its undo said when it was applied', async () => {
	await box.peek('echo broken > /srv/broken');
	await mended();
	const {told} = await hear(undo(toyPlan([toyStep('a')]), session, ['fix/broken-file']));
	expect(told).toContain('undone fix/broken-file');
	expect(await box.peek('cat /srv/broken /srv/before')).toBe('broken\nbroken\n');
	expect(session.journal.read().box.fixes).toEqual({});
	expect(await files(box)).toContain('broken');
});

test('what a fix did is journaled each time, with secrets masked; its first undo stays', () => {
	const {journal} = session;
	const token = new Secret('hunter2');
	const backup = (word: string) =>
		journalFix(
			journal,
			fixOf({
				name: 'token',
				title: 'Write the token',
				why: 'It is missing.',
				notUndone: 'What has read it.',
				check: async () => word,
				done: () => false,
				apply($, facts) {
					$.file('/srv/token', secretly`token=${token}\n`);
					$.input(token)`read-token`;
					$`say ${facts}`;
				},
				undo: ($, facts) => $`unsay ${facts}`,
			}),
			word,
			{},
		);
	backup('one');
	backup('two');
	const kept = journal.read().box.fixes?.['fix/token'];
	expect(JSON.stringify(kept)).not.toContain('hunter2');
	expect(kept).toMatchObject({
		notUndone: 'What has read it.',
		done: [
			{command: 'say one'},
			{path: '/srv/token', content: `token=${mask}\n`},
			{command: 'read-token', input: mask},
			{command: 'say two'},
		],
		undo: [{command: 'unsay one'}],
	});
});

test('an undo comes out of the journal as it went in, whatever it does', () => {
	const {journal} = session;
	const dns = {server: '192.0.2.1', zone: 'example.com', key: 'key', secret: 'unknown'} as never;
	const everything = ($: Hand) => {
		$`undo ${'this'}`;
		$.input('words')`read-words`;
		$.within(5)`hang`;
		$.file('/srv/file', 'content\n', {mode: '0600', owner: 'www-data:www-data'});
		$.folder('/srv/folder', {mode: '0700'});
		$.line('/srv/lines', 'line', '^l');
		$.link('/srv/link', '/srv/target');
		$.remove('/srv/gone');
		$.backup('/srv/kept');
		$.restore('/srv/restored');
		$.packages(['nginx']);
		$.upgrade();
		$.removePackages();
		$.service('nginx', 'reload');
		$.records(dns, [{name: 'example.com', type: 'A', value: '192.0.2.2', ttl: 60}], 'undo');
	};
	const fix = {...brokenFile, id: 'fix/everything', step: {...brokenFile.step, undo: everything}};
	journalFix(journal, fix, 'broken', {});
	const [kept] = keptFixes(journal.read());
	expect(record(hand => kept?.undo?.(hand, null, {}))).toEqual(record(everything));
});
