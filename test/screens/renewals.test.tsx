import {afterEach, expect, test, vi} from 'vitest';
import {type BoxDue, dueOf} from '../../source/contract/due.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day + day / 24).toISOString();

function boxDue(label: string, days: number, more: Partial<BoxDue> = {}): BoxDue {
	const expires = inDays(days);
	const certificate = {
		issuer: 'Let’s Encrypt, R11',
		names: [label],
		starts: inDays(days - 90),
		expires,
		fingerprint: 'AB:CD',
		trusted: true,
	};
	return {
		target: `jessica@${label}`,
		label,
		host: label,
		served: [{name: label, certificate}],
		renewal: {timer: 'on', next: inDays(0), last: {at: inDays(-1), worked: true}},
		dues: [dueOf('certificate', `The certificate of ${label}`, expires, Date.now(), certificate.starts)],
		unknown: [],
		...more,
	};
}

const dead: Partial<BoxDue> = {
	served: [{name: 'old.example.net', problem: 'no answer within 4 s', seen: '2026-10-01T08:00:00.000Z'}],
	silent: 'old.example.net can’t be reached.',
};

const open = (options: FakeOptions) => openApp(fakeWizard(options));

const down = '\u001b[B';
const escapeKey = '\u001b';

test('one key from home: every box, the most urgent first, with what is known of the one under the hand', async () => {
	const boxes = [boxDue('blog.example.com', 62), boxDue('shop.example.org', 9), boxDue('old.example.net', 40, dead)];
	const {see, press, frame} = open({dues: boxes});
	await see('Renewals');
	await press('\t', 'What ends when');
	await see(/❯ ! shop\.example\.org +9 days +certificate[\s\S]*! old\.example[\s\S]*✓ blog\.example\.com +62 days/);
	expect(frame()).toContain('Issued by Let’s Encrypt, R11');
	expect(frame()).toMatch(/its timer is on, next .*last attempt worked/);
	await press(down, /❯ ! old/);
	expect(frame()).toContain('no answer within 4 s, last seen 2026-10-01');
	await press(escapeKey, 'Your boxes');
});

test('home says what ends next of what is remembered, before anybody looks', async () => {
	const remembered = [boxDue('blog.example.com', 62), boxDue('shop.example.org', 9), boxDue('old.example.net', -3)];
	const {see} = open({remembered});
	await see(/Renewals +! The certificate of old\.example\.net, over for 3 days, and 1 more/);
});

test('nothing due, home says what renewals are', async () => {
	const {see} = open({remembered: [boxDue('blog.example.com', 62)]});
	await see(/Renewals +what ends when, on all boxes/);
});

test('reminders are switched on, tried and switched off from there', async () => {
	const heard = vi.fn<NonNullable<FakeOptions['heard']>>();
	const {see, press, frame} = open({dues: [boxDue('blog.example.com', 62)], heard});
	await see('Renewals');
	await press('\t', 'Nobody tells you before something ends');
	expect(frame()).not.toContain('try a reminder');
	await press('m', /Its dates stand in boxwizard\.ics[\s\S]*m no reminders {3}t try a reminder/);
	await press('t', 'Sent by desktop');
	await press(escapeKey, 'Your boxes');
	await press('\t', 'You are told by systemd, every four hours');
	await press('m', /Nobody looks by the clock any more[\s\S]*m remind me/);
	expect(heard.mock.calls.filter(([call]) => call === 'remind')).toEqual([
		['remind', true],
		['remind', false],
	]);
});

test('a renewal shows its commands, asks, runs, and comes back to look again', async () => {
	const calls: unknown[][] = [];
	const heard = (...call: unknown[]) => calls.push(call);
	const {see, press, frame} = open({dues: [boxDue('shop.example.org', 9)], heard, pace: 5});
	await see('Renewals');
	await press('r', /❯ ! shop/);
	await press('r', 'Renew the certificate now?');
	expect(frame()).toContain('$ certbot renew --cert-name shop.example.org --dry-run');
	await press('\r', 'What ends when');
	expect(calls.filter(([call]) => call === 'renew')).toEqual([['renew', true]]);
	await vi.waitFor(() => expect(calls.filter(([call]) => call === 'dues')).toHaveLength(2));
});

test('of several apps that is renewed whose certificate ends first, or the one that is chosen', async () => {
	const calls: unknown[][] = [];
	const heard = (...call: unknown[]) => calls.push(call);
	const apps = [
		{name: 'blog', kind: 'Flask app', domain: 'blog.example.org', certificateDays: 62},
		{name: 'shop', kind: 'Flask app', domain: 'shop.example.org', certificateDays: 9},
		{name: 'api', kind: 'Flask app', domain: 'api.example.org', certificateDays: 30},
		{name: 'quiet', kind: 'Flask app'},
	];
	const {see, press, frame} = open({dues: [boxDue('shop.example.org', 9)], apps, heard, pace: 5});
	await see('Renewals');
	await press('r', /❯ ! shop/);
	await press('r', /❯ shop {2}shop\.example\.org[\s\S]*--cert-name shop\.example\.org --dry-run/);
	expect(frame()).not.toContain('quiet');
	await press(down, /❯ api[\s\S]*--cert-name api\.example\.org/);
	await press('\r', 'What ends when');
	expect(calls.filter(([call]) => call === 'renew')).toEqual([['renew', true, 'api']]);
});

test('a hundred boxes fit, and the hand moves through them', async () => {
	const boxes = Array.from({length: 100}, (_, index) => boxDue(`box${index}.example.com`, 31 + index));
	const {see, press, frame} = open({dues: boxes});
	await see('Renewals');
	await press('r', /❯ ✓ box0\.example\.com/);
	await press(down.repeat(1), /❯ ✓ box1\.example\.com/);
	expect(frame().split('\n').length).toBeLessThanOrEqual(24);
	expect(frame()).not.toContain('box99.example.com');
});
