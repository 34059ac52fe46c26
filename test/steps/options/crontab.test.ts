import {expect, test} from 'vitest';
import {readSchedule} from '../../../steps/options/crontab.ts';

test.each([
	['0 3 * * * flask clean-up', ['*-*-* 03:00:00 UTC']],
	['*/15 * * * * flask poll', ['*-*-* *:00,15,30,45:00 UTC']],
	['* * * * * flask tick', ['*-*-* *:*:00 UTC']],
	['30 8-18/2 * * mon-fri python manage.py report', ['Mon,Tue,Wed,Thu,Fri *-*-* 08,10,12,14,16,18:30:00 UTC']],
	['5 4 * * 7 flask weekly', ['Sun *-*-* 04:05:00 UTC']],
	['5 4 * * 5-7 flask weekend', ['Sun,Fri,Sat *-*-* 04:05:00 UTC']],
	['0 0 1 jan,jul * flask half', ['*-01,07-01 00:00:00 UTC']],
	['0 0 31 * * flask last', ['*-*-31 00:00:00 UTC']],
	['10/20 * * * * flask later', ['*-*-* *:10,30,50:00 UTC']],
	['@daily flask digest', ['*-*-* 00:00:00 UTC']],
	['@Weekly flask digest', ['Sun *-*-* 00:00:00 UTC']],
	['  0 3 * * *   flask  clean-up ', ['*-*-* 03:00:00 UTC']],
])('%s', (line, calendar) => {
	expect(readSchedule(line)).toMatchObject({calendar});
});

test('a day of the month and one of the week: either will do, as cron has it', () => {
	expect(readSchedule('0 6 13 * fri flask bad-luck')).toEqual({
		calendar: ['*-*-13 06:00:00 UTC', 'Fri *-*-* 06:00:00 UTC'],
		command: 'flask bad-luck',
	});
});

test('a % is one, with the backslash of a crontab or without', () => {
	const command = 'backup --to "$HOME/$(date +%F).sql"';
	expect(readSchedule(`0 3 * * * ${command.replace('%', '\\%')}`)).toMatchObject({command});
	expect(readSchedule(`0 3 * * * ${command}`)).toMatchObject({command});
});

test('a star with a step is still a star, and both must fit', () => {
	expect(readSchedule('0 6 */10 * fri flask rare')).toMatchObject({calendar: ['Fri *-*-01,11,21,31 06:00:00 UTC']});
});

test.each([
	['60 * * * * flask x', '“60” is no minute'],
	['0 24 * * * flask x', '“24” is no hour'],
	['0 0 0 * * flask x', '“0” is no day of the month'],
	['0 0 * 13 * flask x', '“13” is no month'],
	['0 0 * * 8 flask x', '“8” is no day of the week'],
	['5-1 * * * * flask x', '“5-1” is no minute'],
	['*/0 * * * * flask x', '“*/0” is no minute'],
	['1,,2 * * * * flask x', '“1,,2” is no minute'],
	['@reboot flask x', '@reboot is no time'],
	['0 3 * * *', 'Five fields of a crontab'],
	['flask clean-up', 'Five fields of a crontab'],
	['', 'Five fields of a crontab'],
])('refused: %j', (line, problem) => {
	expect(readSchedule(line)).toMatchObject({problem: expect.stringContaining(problem)});
});
