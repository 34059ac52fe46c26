import {expect, test} from 'vitest';
import {all, longest, longestPause, open} from '../../transport/hostile-connection.ts';
import {oneLine} from '../../transport/hostile-server.ts';

const gigabyte = 1_000_000_000;
/** Bytes beyond those of before: of the server as well, which is in this very process. */
const room = 200_000_000;

test('a log line of a gigabyte is cut, and takes neither memory nor anybody’s turn', async () => {
	const {box} = await open({answer: () => oneLine(gigabyte)});
	const before = process.memoryUsage.rss();
	let peak = before;
	const watching = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, 20);
	const {value, pause} = await longestPause(() => all(box.follow('log')));
	clearInterval(watching);
	expect(value).toEqual([`${'a'.repeat(2000)}…`]);
	expect(peak - before).toBeLessThan(room);
	expect(pause).toBeLessThan(longest);
});
