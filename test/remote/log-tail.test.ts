import {expect, test} from 'vitest';
import {LogTail} from '../../source/remote/log-tail.ts';

test('of an endless log the count, the last lines and their command are kept', () => {
	const log = new LogTail();
	log.add('$ install nginx');
	for (let line = 1; line <= 100_000; line += 1) log.add(`line ${line}`);
	expect(log.seen).toBe(100_001);
	expect(log.lines.length).toBeLessThanOrEqual(1000);
	expect(log.lines[0]).toBe('$ install nginx');
	expect(log.lines.at(-1)).toBe('line 100000');
});
