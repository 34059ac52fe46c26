import {expect, test} from 'vitest';
import type {Outside, RecordType} from '../../../source/contract/outside.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {online} from '../../../steps/app/online.ts';
import {records} from '../../../steps/dns/records.ts';
import {ufw} from '../../../steps/firewall/ufw.ts';
import {allows} from '../../../steps/tls/caa.ts';
import {readCertificate} from '../../../steps/tls/facts.ts';
import {preflight} from '../../../steps/tls/preflight.ts';

const secure = {acmeServer: '', acmeCa: ''};
const site = {domain: 'box.example.com', aliases: [] as string[]};
const manual = {...site, dnsProvider: 'manual', address6: true} as never;
const interfaces = JSON.stringify([
	{
		addr_info: [
			{local: '2001:db8::aaaa', temporary: true},
			{local: '10.0.0.4'},
			{local: 'fd00::7'},
			{local: '2001:db8::7'},
		],
	},
]);

/** The world of one box behind NAT, 203.0.113.7, by 'name type' of its zone's two servers. */
function world(first: Record<string, string[]>, second = first, over: Partial<Outside> = {}): Probe {
	const views: Outside['views'] = async (name: string, type: RecordType, from = 'authority') => {
		const zones =
			from === 'public'
				? [['192.0.2.53', first] as const]
				: [['ns1.example.net', first] as const, ['ns2.example.net', second] as const];
		return zones.map(([server, zone]) => ({
			zone: from === 'public' ? '' : 'example.com',
			server,
			records: zone[`${name} ${type}`] ?? [],
		}));
	};
	const outside: Outside = {
		peer: async () => ({client: '192.0.2.1', server: '10.0.0.4', port: 22}),
		login: async () => undefined,
		address: async () => '203.0.113.7',
		port: async () => 'open',
		fetch: async () => ({status: 200, headers: {}, body: ''}),
		views,
		resolve: async (name, type) => [...new Set((await views(name, type)).flatMap(view => view.records))],
		...over,
	};
	return Object.assign(async () => interfaces, {file: async () => null, outside});
}

const right = {'box.example.com A': ['203.0.113.7'], 'box.example.com AAAA': ['2001:db8::7']};

test('nothing stands in the way of a name that points here', async () => {
	expect(await preflight.check(world(right), {...site, ...secure})).toEqual({obstacles: []});
	expect(await preflight.wait?.(world(right), {...site, ...secure})).toBeUndefined();
	expect(await records.wait?.(world(right), manual)).toBeUndefined();
});

test('where no port can be tried from here, neither the firewall nor the way to the CA is doubted', async () => {
	const $ = world(right, right, {port: async () => 'unknown'});
	await ufw.verify?.($, {user: 'jessica', sshPort: 22});
	expect(await preflight.check($, {...site, ...secure})).toEqual({obstacles: []});
	const shut = world(right, right, {port: async () => 'silent'});
	await expect(Promise.resolve(ufw.verify?.(shut, {user: 'jessica', sshPort: 22}))).rejects.toMatchObject({
		code: expect.stringMatching(/port|rule/),
	});
});

test('a stray AAAA on one of two servers, a CAA for others and a dropped port are three obstacles', async () => {
	const second = {...right, 'box.example.com AAAA': ['2001:db8::66'], 'example.com CAA': ['0 issue "digicert.com"']};
	const $ = world(right, second, {port: async () => 'silent'});
	const wait = await preflight.wait?.($, {...site, ...secure});
	expect(wait?.seen).toEqual([
		'box.example.com  AAAA  2001:db8::66, 2001:db8::7  not 2001:db8::7',
		'example.com  CAA  0 issue "digicert.com"  not letsencrypt.org',
		'port 80  silent',
	]);
	expect(wait?.notes?.[1]).toContain('0 issue "letsencrypt.org"');
});

test.each(['mixed', 'partly'] as const)(
	'IPv6 that is closed (%s) matters only where a name leads there',
	async state => {
		const half: Partial<Outside> = {port: async () => state};
		const {'box.example.com AAAA': _, ...v4} = right;
		expect((await preflight.check(world(v4, v4, half), {...site, ...secure})).obstacles).toEqual([]);
		expect((await preflight.check(world(right, right, half), {...site, ...secure})).obstacles).toHaveLength(1);
	},
);

test('shows the records to make and how each server sees them', async () => {
	const half = {'box.example.com A': ['203.0.113.7']};
	const wait = await records.wait?.(world(half, {}), manual);
	expect(wait?.what).toBe('box.example.com to point to 203.0.113.7 and 2001:db8::7');
	expect(wait?.show.slice(0, 4)).toEqual([
		'Make these records:',
		'Type  Name  Value        TTL',
		'A     box   203.0.113.7  300',
		'AAAA  box   2001:db8::7  300',
	]);
	expect(wait?.notes?.[0]).toContain('ns1.example.net, ns2.example.net answer for');
	expect(wait?.seen).toEqual([
		'ns1.example.net  A     box  203.0.113.7  there',
		'ns2.example.net  A     box  nothing      not yet',
		'192.0.2.53       A     box  203.0.113.7  there',
		'ns1.example.net  AAAA  box  nothing      not yet',
		'ns2.example.net  AAAA  box  nothing      not yet',
		'192.0.2.53       AAAA  box  nothing      not yet',
	]);
});

test('CAA: who may issue, and by which way', () => {
	const ours = ['letsencrypt.org'];
	expect(allows([], ours)).toBe(true);
	expect(allows(['0 issuewild "digicert.com"', '0 iodef "mailto:a@example.com"'], ours)).toBe(true);
	expect(allows(['0 issue ";"'], ours)).toBe(false);
	expect(allows(['0 issue "digicert.com"', '0 issue "letsencrypt.org; accounturi=x"'], ours)).toBe(true);
	expect(allows(['0 issue "letsencrypt.org; validationmethods=dns-01"'], ours)).toBe(false);
	expect(allows(['0 issue "letsencrypt.org; validationmethods=dns-01,http-01"'], ours)).toBe(true);
	expect(allows(['0 issue "digicert.com"'], [])).toBe(true);
});

/** Issued by "C=US, O=Let's Encrypt, CN=R11" for a key that was thrown away. */
const chain = `-----BEGIN CERTIFICATE-----
MIIBZDCCAQmgAwIBAgIBATAKBggqhkjOPQQDAjAzMQswCQYDVQQGEwJVUzEWMBQG
A1UECgwNTGV0J3MgRW5jcnlwdDEMMAoGA1UEAwwDUjExMB4XDTI2MTEwMTAwMDAw
MFoXDTI3MDEzMDAwMDAwMFowFjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATM2gToqcn/hZxLi1OnrGMKH0KJsVxKYaXzJUwP
0X/zaSDvXXfOONxYFJiydktfqo+DaleOks3h76Yburfo7i42oyswKTAnBgNVHREE
IDAeggtleGFtcGxlLmNvbYIPd3d3LmV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0kA
MEYCIQDX20EE6oze46phta18GNpPGd+XZiKihKkgkaDrvGsIpgIhAInl4keXIjH6
XEbCDSykKU6kmOvF3W7N1kboRtF4TfrK
-----END CERTIFICATE-----`;

test('reads the first certificate of a chain', async () => {
	const answer = `${chain}\n${chain}\nnow=${Date.UTC(2026, 10, 10) / 1000}`;
	expect(await readCertificate(fake(answer), 'example.com')).toEqual({
		issuer: "Let's Encrypt",
		names: ['example.com', 'www.example.com'],
		expires: '2027-01-30T00:00:00.000Z',
		spent: 0.1,
		fingerprint: 'E4:AE:AC:21:B1:E1:36:DF:09:2B:E4:12:A3:25:5C:7F:DA:6C:6F:52:EF:AB:5E:39:FF:BD:82:69:C2:A7:0B:49',
	});
	expect(await readCertificate(fake(''), 'example.com')).toBeNull();
	expect(await readCertificate(fake('cut off\nnow=1'), 'example.com')).toBeNull();
});

test('an app that answers with an error, or is not sent on to https, is not online', async () => {
	const answers = (secureStatus: number, location: string): Partial<Outside> => ({
		fetch: async url => {
			const headers: Record<string, string> = url.startsWith('https:') ? {} : {location};
			return {status: url.startsWith('https:') ? secureStatus : 301, headers, body: ''};
		},
	});
	const good = world(right, right, answers(200, 'https://box.example.com/'));
	expect(await online.check(good, site)).toEqual({faults: []});
	const bad = world(right, right, answers(502, 'http://elsewhere.example.com/'));
	const {faults} = await online.check(bad, site);
	expect(faults.map(({what}) => what)).toEqual([
		'https://box.example.com/ at 203.0.113.7 answers 502',
		'http://box.example.com/ at 203.0.113.7 is not sent on to https (301 http://elsewhere.example.com/)',
		'https://box.example.com/ at 2001:db8::7 answers 502',
		'http://box.example.com/ at 2001:db8::7 is not sent on to https (301 http://elsewhere.example.com/)',
	]);
	await expect(online.verify?.(bad, site)).rejects.toHaveProperty('code', 'not-online');
});

function fake(answer: string): Probe {
	return Object.assign(async () => answer, {file: async () => null, outside: world(right).outside});
}
