import {describe, expect, it} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import type {Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import {redactor} from '../../source/remote/explain.ts';
import {jsonLines, renderJson} from '../../source/render/json.ts';
import {renderPlain} from '../../source/render/plain.ts';

const summary: Summary = {changed: ['b'], inPlace: ['a'], skipped: [], failed: ['c'], seconds: 7};
const trouble = {what: 'It broke.', means: 'It is broken.', next: 'Mend it.', evidence: ['line of proof']};
const steps = ['a', 'b', 'c'].map(id => ({id, title: `Step ${id}`, why: 'Because.'}));

const happened: readonly Event[] = [
	{type: 'planned', name: 'flask', steps},
	{type: 'checking', step: 'a'},
	{type: 'skipped', step: 'a', reason: 'in place'},
	{type: 'running', step: 'b', job: 'j1', attached: false},
	{type: 'output', step: 'b', line: 'the password is hunter2hunter2'},
	{type: 'verified', step: 'b', seconds: 4},
	{type: 'running', step: 'c', job: 'j2', attached: false},
	...Array.from({length: 30}, (_, index): Event => ({type: 'output', step: 'c', line: `line ${index}`})),
	{type: 'failed', step: 'c', trouble, actions: ['retry', 'quit']},
	{type: 'done', summary},
];

/** Plays events and keeps what was replied to each. */
async function* play(events: readonly Event[], replies: Reply[] = []): AsyncGenerator<Event, Summary, Reply> {
	for (const event of events) {
		const reply = yield event;
		if (reply) replies.push(reply);
	}

	return summary;
}

const clean = redactor({password: new Secret('hunter2hunter2')});

describe('plain lines', () => {
	it('tell each step with its place, and the end of the log only where it failed', async () => {
		const lines: string[] = [];
		const result = await renderPlain(play(happened), line => lines.push(line), {clean});
		expect(result).toBe(summary);
		const text = lines.join('\n');
		expect(text).toContain('1/3 [in place] Step a');
		expect(text).toContain('2/3 [done] Step b (4 s)');
		expect(text).toContain('3/3 [failed] Step c: It broke.');
		expect(text).toContain('Mend it.');
		expect(text).toContain('line of proof');
		expect(text).toContain('> line 29');
		expect(text).not.toContain('> line 9\n');
		expect(text).toContain('1 changed');
	});

	it('say of what an earlier run left at work how it is ended', async () => {
		const lines: string[] = [];
		const left: Event = {type: 'running', step: 'b', job: 'j0', attached: true};
		await renderPlain(play([{type: 'planned', name: 'python', steps}, left]), line => lines.push(line));
		expect(lines.at(-1)).toBe(
			'2/3 [running] Step b: Still running on the box, from before. It is waited for; --stop-job ends it',
		);
	});

	it('ask whoever is there for a fix of what failed, and go on with it; else they end it', async () => {
		const failures = happened.filter(({type}) => type === 'failed');
		const replies: Reply[] = [];
		const answers: Reply[] = [{fix: 'fix/a', typed: new Secret('x')}, undefined];
		const repair = async () => answers.shift();
		await renderPlain(play([...failures, ...failures], replies), () => undefined, {repair});
		expect(replies).toEqual([{fix: 'fix/a', typed: new Secret('x')}, {action: 'quit'}]);
	});

	it('show all output with verbose, without secrets', async () => {
		const lines: string[] = [];
		await renderPlain(play(happened), line => lines.push(line), {clean, verbose: true});
		expect(lines.join('\n')).toContain('the password is ••••••');
		expect(lines.join('\n')).not.toContain('hunter2');
		expect(lines.filter(line => line.includes('line 29'))).toHaveLength(1);
	});

	it('never leave a question open: what fails or is asked ends the run', async () => {
		const replies: Reply[] = [];
		const asking: Event = {type: 'asking', step: 'a', problems: [{option: 'domain', message: 'Domain is missing'}]};
		const lines: string[] = [];
		await renderPlain(play([...happened, asking], replies), line => lines.push(line));
		expect(replies).toEqual([{action: 'quit'}, {action: 'quit'}]);
		expect(lines.join('\n')).toContain('domain: Domain is missing');
	});

	it('say that long work goes on', async () => {
		const lines: string[] = [];
		async function* slow(): AsyncGenerator<Event, Summary, Reply> {
			yield {type: 'planned', name: 'flask', steps};
			yield {type: 'running', step: 'a', job: 'j', attached: false};
			while (!lines.some(line => line.includes('…'))) await new Promise(setImmediate);
			return summary;
		}

		await renderPlain(slow(), line => lines.push(line), {patience: 20});
		expect(lines.at(-1)).toMatch(/^ {4}… Running on the box, \d+ s$/);
	});
});

describe('JSON lines', () => {
	it('are one event each, with the schema’s version', async () => {
		const lines: string[] = [];
		const replies: Reply[] = [];
		expect(await renderJson(play(happened, replies), line => lines.push(line), clean)).toBe(summary);
		expect(lines.every(line => !line.includes('\n'))).toBe(true);
		const records = lines.map(line => JSON.parse(line) as Record<string, unknown>);
		expect(records.map(record => record.event)).toEqual(happened.map(event => event.type));
		expect(records.every(record => record.schema === 2 && !Number.isNaN(Date.parse(String(record.at))))).toBe(true);
		expect(records.at(-2)).toMatchObject({step: 'c', trouble, actions: ['retry', 'quit']});
		expect(lines.join()).not.toContain('hunter2');
		expect(replies).toEqual([{action: 'quit'}]);
	});

	it('mask secrets at any depth, also inside texts that JSON escapes', () => {
		const lines: string[] = [];
		const cleaned = redactor({one: new Secret('with "quotes" \\ in it')});
		jsonLines(
			line => lines.push(line),
			cleaned,
		)({deep: [{secret: new Secret('typed')}], text: 'so: with "quotes" \\ in it!'});
		expect(JSON.parse(lines[0] ?? '')).toMatchObject({deep: [{secret: '••••••'}], text: 'so: ••••••!'});
	});
});
