import {expect, test} from 'vitest';
import type {Event, Summary} from '../../source/contract/ui/events.ts';
import {plainLine} from '../../source/render/plain.ts';
import {advance, count, loggedLines, noProgress, timeLeft} from '../../source/render/progress.ts';
import {about, cleanLine, duration, sumUp} from '../../source/render/wording.ts';

const summary = (id: string) => ({id, title: id.toUpperCase(), why: 'Because.'});
const planned: Event = {type: 'planned', name: 'flask', steps: [summary('a'), summary('b'), summary('c')]};

/** Goes through events, one second each. */
const after = (...events: readonly Event[]) =>
	events.reduce((progress, event, index) => advance(progress, event, index * 1000), noProgress);

const states = (...events: readonly Event[]) => after(planned, ...events).steps.map(step => step.state);

test('a step goes from looking over running and proving to done', () => {
	expect(states({type: 'checking', step: 'a'})).toEqual(['checking', 'to do', 'to do']);
	expect(states({type: 'running', step: 'a', job: 'j', attached: false})[0]).toBe('running');
	expect(states({type: 'proving', step: 'a', what: 'A fresh login'})[0]).toBe('proving');
	const done = after(planned, {type: 'checking', step: 'a'}, {type: 'verified', step: 'a', seconds: 4});
	expect(done.steps[0]).toMatchObject({state: 'done', seconds: 4});
	expect(done.current).toBeUndefined();
	expect(done.activity).toBeUndefined();
});

test('what was not to be done is over too, and not counted where nobody wants it', () => {
	const progress = after(
		planned,
		{type: 'skipped', step: 'a', reason: 'in place'},
		{type: 'skipped', step: 'b', reason: 'not wanted'},
	);
	expect(count(progress)).toEqual({over: 1, total: 2});
});

test('a failure stops the activity and waits for a reply; the next event takes it away', () => {
	const failed: Event = {
		type: 'failed',
		step: 'b',
		trouble: {what: 'No.', means: 'Nothing.', next: 'Again.'},
		actions: ['retry', 'quit'],
	};
	const stopped = after(planned, {type: 'checking', step: 'b'}, failed);
	expect(stopped.steps[1]?.state).toBe('failed');
	expect(stopped.failure?.actions).toEqual(['retry', 'quit']);
	expect(stopped.activity).toBeUndefined();
	const again = advance(stopped, {type: 'checking', step: 'b'}, 9000);
	expect(again.failure).toBeUndefined();
	expect(again.stepSince).toBe(9000);
});

test('a wait that is asked again goes on counting, with what is seen now', () => {
	const waiting = (seen: string): Event => ({
		type: 'waiting',
		step: 'a',
		wait: {what: 'the record', show: ['x A 1.2.3.4'], seen: [seen], every: 5000},
	});
	const progress = after(planned, waiting('not yet'), waiting('there'));
	expect(progress.activity).toEqual({words: 'Waiting for the record', since: 1000});
	expect(progress.wait?.seen).toEqual(['there']);
	expect(advance(progress, {type: 'verified', step: 'a', seconds: 9}, 0).wait).toBeUndefined();
});

test('an armed revert is told until the step is over', () => {
	const armed = after(
		planned,
		{type: 'arming', step: 'a', window: 60},
		{type: 'running', step: 'a', job: 'j', attached: false},
	);
	expect(armed.armed).toBe(60);
	expect(advance(armed, {type: 'verified', step: 'a', seconds: 1}, 0).armed).toBeUndefined();
	expect(advance(armed, {type: 'reverted', step: 'a'}, 0)).toMatchObject({
		armed: undefined,
		steps: [{state: 'reverted'}, {}, {}],
	});
});

test('lines of output lose colours and what they overwrote themselves', () => {
	expect(cleanLine('\u001b[32mok\u001b[0m\tdone\r')).toBe('ok    done');
	expect(cleanLine('10%\r55%\r100%')).toBe('100%');
});

test('of the output the last 5000 lines are kept, or up to a hundred fewer', () => {
	let progress = after(planned);
	for (let line = 0; line < 5010; line += 1) {
		progress = advance(progress, {type: 'output', step: 'a', line: String(line)}, 0);
	}

	expect(loggedLines(progress).map(({text}) => Number(text))).toEqual(
		Array.from({length: 4910}, (_, line) => line + 100),
	);
});

test('the time that is left comes from earlier runs, less what the current step has had', () => {
	const progress = after(planned, {type: 'checking', step: 'a'});
	expect(timeLeft(progress, {a: 10, b: 20, c: 30}, 1000)).toBe(60);
	expect(timeLeft(progress, {a: 10, b: 20, c: 30}, 5000)).toBe(56);
	expect(timeLeft(progress, {a: 10, b: 20, c: 30}, 99_000)).toBe(50);
	expect(timeLeft(progress, {a: 10}, 1000)).toBeUndefined();
});

test('durations as people say them', () => {
	expect([4.4, 65, 7800].map(duration)).toEqual(['4 s', '1 min 05 s', '2 h 10 min']);
	expect([10, 50, 170, 7300].map(about)).toEqual(['under 1 min', 'about 1 min', 'about 3 min', 'about 2 h']);
});

test('plain lines say what a screen shows, and nothing twice', () => {
	const before = after(planned);
	expect(plainLine({type: 'verified', step: 'a', seconds: 4}, before)).toBe('[done] A (4 s)');
	expect(plainLine({type: 'checking', step: 'a'}, before)).toBeUndefined();
	const wait = {what: 'the record', show: ['x A 1.2.3.4'], seen: [], every: 5000};
	const first = plainLine({type: 'waiting', step: 'a', wait}, before);
	expect(first).toContain('x A 1.2.3.4');
	expect(
		plainLine({type: 'waiting', step: 'a', wait}, after(planned, {type: 'waiting', step: 'a', wait})),
	).toBeUndefined();
});

test('a run is summed up by what happened, a check by what differs', () => {
	const of = (parts: Partial<Summary>) => ({
		changed: [],
		inPlace: ['a'],
		skipped: [],
		failed: [],
		seconds: 0.2,
		...parts,
	});
	expect(sumUp(of({changed: ['b'], failed: ['c'], seconds: 65}))).toBe(
		'1 changed, 1 in place, 1 failed, in 1 min 05 s',
	);
	expect(sumUp(of({skipped: ['b']}))).toBe('nothing changed, 1 in place, 1 skipped, in under 1 s');
	const checked = after(planned, {type: 'skipped', step: 'a', reason: 'in place'}, {type: 'differs', step: 'b'});
	const summary = of({failed: ['b']});
	expect(plainLine({type: 'done', summary}, checked)).toBe('1 in place, 1 differs, in under 1 s');
});
