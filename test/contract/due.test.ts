import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	type BoxDue,
	daysUntil,
	daysWords,
	dueOf,
	rebootDue,
	reminderDays,
	reminderFor,
	renewalWords,
	wantsAttention,
} from '../../source/contract/due.ts';
import {remindersOf} from '../../source/reminders/reminder.ts';
import {renewalOf} from '../../source/renewals/on-box.ts';
import {supportOf} from '../../source/renewals/support.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const day = 86_400_000;
const inDays = (days: number) => new Date(now + days * day).toISOString();

describe('the reminder whose time has come', () => {
	test.each([
		{days: 31, reminder: undefined},
		{days: 30, reminder: 30},
		{days: 15, reminder: 30},
		{days: 14, reminder: 14},
		{days: 9, reminder: 14},
		{days: 7, reminder: 7},
		{days: 3, reminder: 3},
		{days: 2, reminder: 3},
		{days: 1, reminder: 1},
		{days: 0, reminder: 1},
		{days: -1, reminder: 0},
	])('$days days: $reminder', ({days, reminder}) => {
		expect(reminderFor(days)).toBe(reminder);
	});

	test.each([
		// certbot renews with 30 of 90 days left: a box that does needs no reminder.
		{lifetime: 90, days: 29, reminder: undefined},
		{lifetime: 90, days: 28, reminder: 30},
		{lifetime: 90, days: 14, reminder: 14},
		{lifetime: 64, days: 20, reminder: undefined},
		{lifetime: 64, days: 19, reminder: 30},
		{lifetime: 45, days: 14, reminder: undefined},
		{lifetime: 45, days: 13, reminder: 14},
		{lifetime: 365, days: 30, reminder: 30},
		// One that was made to end soon.
		{lifetime: 10, days: 10, reminder: 14},
		{lifetime: 10, days: -1, reminder: 0},
	])('a certificate of $lifetime days with $days left: $reminder', ({lifetime, days, reminder}) => {
		expect(reminderFor(days, lifetime)).toBe(reminder);
	});

	test('comes nearer and never goes back as days go by', () => {
		fc.assert(
			fc.property(fc.integer({min: -50, max: 400}), fc.integer({min: 1, max: 400}), (days, lifetime) => {
				const [earlier, later] = [reminderFor(days, lifetime) ?? 99, reminderFor(days - 1, lifetime) ?? 99];
				expect(later).toBeLessThanOrEqual(earlier);
			}),
		);
	});
});

test('days are whole, and rounded down', () => {
	expect(daysUntil(inDays(10), now)).toBe(10);
	expect(daysUntil(inDays(9.99), now)).toBe(9);
	expect(daysUntil(inDays(-0.01), now)).toBe(-1);
	expect(daysWords({kind: 'certificate', days: 1})).toBe('1 day');
	expect(daysWords({kind: 'certificate', days: -3})).toBe('over for 3 days');
	expect(daysWords(rebootDue(inDays(-3.5), now))).toBe('waits for 3 days');
	expect(daysWords(rebootDue(inDays(-0.5), now))).toBe('waits since today');
	expect(rebootDue(inDays(-7), now)).toMatchObject({days: -7, reminder: 0});
});

test('a reboot that the box told of some days ago is said to be of then', () => {
	const due = rebootDue(inDays(-9), now, inDays(-7));
	expect(due.what).toBe('A reboot (when last asked, 2026-11-14)');
	const [reminder] = remindersOf([boxDue([due])], {});
	expect(reminder?.title).toBe('blog.example.com: a reboot waited when the box was last asked, on 2026-11-14');
	expect(reminder?.body.split('\n')).toEqual([
		'It had waited since 2026-11-12. Whether it waits still: boxwizard renewals 203.0.113.7',
		'Reboot it: boxwizard restart 203.0.113.7 box',
	]);
});

/** The dates are those of Debian's distro-info-data; a release that is supported must stand in the table. */
test.each([
	['Debian GNU/Linux 12 (bookworm)', '2028-06-30'],
	['Debian GNU/Linux 13 (trixie)', '2030-06-30'],
	['Ubuntu 22.04.5 LTS', '2027-06-01'],
	['Ubuntu 24.04.3 LTS', '2029-05-31'],
	['Ubuntu 26.04 LTS', '2031-05-29'],
	['Fedora Linux 43', undefined],
	['', undefined],
])('%s is supported until %s', (system, ends) => {
	expect(supportOf(system)?.ends).toBe(ends);
});

const loaded = 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled';
const absent = 'LoadState=not-found\nActiveState=inactive\nUnitFileState=';
const next = '2026-11-21T18:50:01Z';
const worked = '2026-11-21 03:28:46,373:DEBUG:certbot._internal.renewal:no renewal failures';
const failed = '2026-11-20 03:28:46,373:ERROR:certbot._internal.log:1 renew failure(s), 0 parse failure(s)';

describe('what a box says of its renewals', () => {
	test.each([
		{
			name: 'the distribution’s timer, and a renewal that worked',
			said: [`${loaded}\n\n${absent}`, next, worked],
			state: {timer: 'on', next, last: {at: '2026-11-21T03:28:46Z', worked: true}},
			words: 'its timer is on, next 2026-11-21; last attempt worked, 2026-11-21',
		},
		{
			name: 'the snap’s, and one that failed',
			said: [`${absent}\n\n${loaded}`, next, failed],
			state: {timer: 'on', next, last: {at: '2026-11-20T03:28:46Z', worked: false}},
			words: 'its timer is on, next 2026-11-21; last attempt failed, 2026-11-20',
		},
		{
			name: 'switched off',
			said: [`${loaded.replace('=active', '=inactive')}\n\n${absent}`, '', ''],
			state: {timer: 'off'},
			words: 'its timer is off; no attempt yet',
		},
		{
			name: 'no certbot',
			said: [`${absent}\n\n${absent}`, '', ''],
			state: {timer: 'none'},
			words: 'no certbot on the box',
		},
	] as const)('$name', ({said: [units, moment, log], state, words}) => {
		const found = renewalOf(units, moment, log);
		expect(found).toEqual(state);
		expect(renewalWords(found)).toBe(words);
	});
});

function boxDue(dues: BoxDue['dues'], more: Partial<BoxDue> = {}): BoxDue {
	const [target, label, host] = ['jessica@203.0.113.7', 'blog.example.com', '203.0.113.7'];
	return {target, label, host, served: [], dues, unknown: [], ...more};
}

describe('reminders', () => {
	const due = dueOf('certificate', 'The certificate of blog.example.com', inDays(10), now);

	test('one for each date and threshold, once', () => {
		const [reminder, ...others] = remindersOf([boxDue([due])], {});
		expect(others).toEqual([]);
		expect(reminder?.key).toBe(`certificate 203.0.113.7 ${inDays(10)} 14`);
		expect(reminder?.title).toBe('blog.example.com: the certificate ends in 10 days');
		expect(remindersOf([boxDue([due])], {[reminder?.key ?? '']: 'before'})).toEqual([]);
	});

	test('each of the thresholds fires as the days go by, and no other', () => {
		const told: Record<string, string> = {};
		const days: number[] = [];
		for (let moment = now - 40 * day; moment < now + 13 * day; moment += day / 2) {
			const coming = dueOf('certificate', 'The certificate', inDays(10), moment);
			for (const {key} of remindersOf([boxDue([coming])], told)) {
				told[key] = 'now';
				days.push(coming.days);
			}
		}
		expect(days).toEqual([...reminderDays, -1]);
	});

	test('a renewed certificate is told of anew, and a box that does not answer is said to', () => {
		const renewed = dueOf('certificate', 'The certificate', inDays(12), now);
		const certificate = {
			issuer: 'CA',
			names: [],
			starts: inDays(-80),
			expires: inDays(12),
			fingerprint: '',
			trusted: true,
		};
		const served = [{name: 'blog.example.com', certificate, problem: 'no answer within 4 s', seen: inDays(-2)}];
		const [reminder] = remindersOf([boxDue([renewed], {served})], {[`certificate 203.0.113.7 ${inDays(10)} 14`]: 'x'});
		expect(reminder?.body).toContain('does not answer now (no answer within 4 s); this was seen on 2026-11-19');
		expect(reminder?.body).toContain('boxwizard renewals renew 203.0.113.7');
	});

	test('a system, a domain and a reboot are told in their own words', () => {
		const dues = [
			dueOf('support', 'Debian 12', inDays(20), now),
			dueOf('registration', 'The domain example.com', inDays(-2), now),
			rebootDue(inDays(-9), now),
		];
		expect(remindersOf([boxDue(dues)], {}).map(({title}) => title)).toEqual([
			'blog.example.com: Debian 12 ends in 20 days',
			'blog.example.com: the domain is over for 2 days',
			'blog.example.com: a reboot waits for 9 days',
		]);
	});
});

test('a box wants a person for what is due, not seen, or not renewed', () => {
	const fine = boxDue([dueOf('certificate', 'The certificate', inDays(60), now)]);
	expect(wantsAttention(fine)).toBe(false);
	expect(wantsAttention({...fine, renewal: {timer: 'on', last: {at: next, worked: true}}})).toBe(false);
	expect(wantsAttention({...fine, renewal: {timer: 'off'}})).toBe(true);
	expect(wantsAttention({...fine, renewal: {timer: 'on', last: {at: next, worked: false}}})).toBe(true);
	expect(wantsAttention({...fine, served: [{name: 'a.example', problem: 'no answer'}]})).toBe(true);
	expect(wantsAttention(boxDue([dueOf('certificate', 'The certificate', inDays(29), now)]))).toBe(true);
});
