import {afterEach, beforeEach, expect, test} from 'vitest';
import {fixOf} from '../source/contract/fix.ts';
import {mask, Secret, secretly} from '../source/contract/secret.ts';
import {mend, previewFix} from '../source/engine/apply-fix.ts';
import {undo} from '../source/engine/engine.ts';
import {keepFix} from '../source/engine/journaled-fixes.ts';
import {newRun} from '../source/engine/run.ts';
import {ToyBox} from './fixtures/toy-box.ts';
import {files, hear, type ToySession, toyPlan, toySession, toyStep} from './fixtures/toy-run.ts';

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
	const events = mend(run, brokenFile);
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
	const keep = (word: string) =>
		keepFix(
			journal,
			fixOf({
				name: 'token',
				title: 'Write the token',
				why: 'It is missing.',
				keeps: 'What has read it.',
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
	keep('one');
	keep('two');
	const kept = journal.read().box.fixes?.['fix/token'];
	expect(JSON.stringify(kept)).not.toContain('hunter2');
	expect(kept).toMatchObject({
		keeps: 'What has read it.',
		done: [
			{command: 'say one'},
			{path: '/srv/token', content: `token=${mask}\n`},
			{command: 'read-token', input: mask},
			{command: 'say two'},
		],
		undo: [{command: 'unsay one'}],
	});
});
