import {describe, expect, it} from 'vitest';
import type {Step} from '../../source/contract/step.ts';
import {explainFailure} from '../../source/remote/explain.ts';
import {survey} from '../../source/remote/survey.ts';
import {all, expectClean, longest, longestPause, open, troubleOf} from '../transport/hostile-connection.ts';
import {attack, attackBytes, endless, oneLine, probeAnswer} from '../transport/hostile-server.ts';

/** Bytes; a gigabyte on the road. */
const longLine = 50_000_000;

describe('once in', () => {
	it('answers, as text', async () => {
		const {box} = await open({answer: () => [attackBytes, Buffer.from('\n')]});
		const {stdout} = await box.run('anything');
		expectClean(stdout);
		expect(stdout).toContain('shown');
	});

	it('the survey', async () => {
		const text = Buffer.concat([Buffer.alloc(300_000, 'z'), attackBytes, Buffer.from(`\n${attack}`.repeat(1000))]);
		const {box} = await open({answer: script => probeAnswer(script, text)});
		const {value, pause} = await longestPause(() => survey(box));
		expectClean(value, 200);
		expect(JSON.stringify(value).length).toBeLessThan(50_000);
		expect(pause).toBeLessThan(longest);
	});

	it('an answer without end is ended, and another shell serves', async () => {
		const {box} = await open({answer: script => (script === 'much' ? endless(attackBytes) : [])});
		const {value, pause} = await longestPause(() => troubleOf(box.run('much')));
		expect(value).toMatchObject({code: 'strange-box'});
		expect(pause).toBeLessThan(longest);
		expect((await box.run('little')).code).toBe(0);
	});

	it.each(['x\n', '\n', '-1\n', `${'9'.repeat(200)}`, '0 0\n'])('an exit code that is none: %j', async ending => {
		const {box} = await open({ending});
		expect(await troubleOf(box.run('true'))).toMatchObject({code: 'strange-box'});
	});

	it('a log line of many megabytes is cut', async () => {
		const {box} = await open({answer: () => oneLine(longLine)});
		const {value, pause} = await longestPause(() => all(box.follow('log')));
		expect(value).toEqual([`${'a'.repeat(2000)}…`]);
		expect(pause).toBeLessThan(longest);
	});

	it('a log without end leaves everybody their turn, and can be left', async () => {
		const {box} = await open({answer: script => (script === 'log' ? endless(Buffer.from(`${attack}\n`)) : [])});
		let lines = 0;
		const {pause} = await longestPause(async () => {
			for await (const line of box.follow('log')) {
				if (lines === 0) expectClean(line);
				lines += 1;
				if (lines === 100_000) break;
			}
		});
		expect(lines).toBe(100_000);
		expect(pause).toBeLessThan(longest);
		expect((await box.run('next')).code).toBe(0);
	});

	it('the error of a failed job', async () => {
		const {box} = await open({answer: () => [Buffer.from('$ apt\n'), attackBytes, Buffer.from('\n')]});
		const log = await all(box.follow('log'));
		expectClean(explainFailure({title: 'Step'} as Step, 1, log));
	});
});
