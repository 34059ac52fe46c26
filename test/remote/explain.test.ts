import {expect, test} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import type {Probe, Step} from '../../source/contract/step.ts';
import {explainFailure} from '../../source/remote/explain.ts';
import {outgoingRoute} from '../../steps/mail/outgoingRoute.ts';
import {packages} from '../../steps/services/packages.ts';

const step = packages as unknown as Step;

test('a program that was ended at its time, or by a kill, is told so; all else is for the causes to tell', () => {
	const end = (line: string, code: number) => explainFailure(step, code, ['$ a command', line]);
	expect(end('It had not come to an end after 60 minutes, and was ended.', 124).means).toContain(
		'after 60 minutes: it was ended',
	);
	expect(end('Collecting numpy', 137).evidence.at(-1)).toContain('exit code 137');
	expect(end('Collecting numpy', 1)).toMatchObject({
		what: expect.stringContaining('a command failed with exit code 1'),
		means: expect.stringContaining('What came before it is done'),
		evidence: ['$ a command', 'Collecting numpy'],
	});
});

/** A box whose commands answer what is said of them, in part. */
function boxThat(answers: Readonly<Record<string, string>>, outside: Partial<Outside> = {}): Probe {
	const run = async (parts: TemplateStringsArray, ...words: readonly unknown[]) => {
		const command = parts.reduce((text, part, index) => `${text}${String(words[index - 1] ?? '')}${part}`);
		return Object.entries(answers).find(([part]) => command.includes(part))?.[1] ?? '';
	};
	return Object.assign(run, {file: async () => null, outside: outside as Outside}) as Probe;
}

test('a provider that closes port 25 is found before mail piles up, and the way round is named', async () => {
	const asked = {mail: 'direct', email: 'me@example.com', relayHost: '', relayPort: 587};
	const resolve = async () => ['20 late.example.com.', '10 mx.example.com.'];
	await expect(outgoingRoute(boxThat({}, {resolve}), asked)).rejects.toMatchObject({
		code: 'port-25-closed',
		next: expect.stringContaining('587 or 2525'),
		evidence: [expect.stringContaining('mx.example.com:25')],
	});
	await outgoingRoute(boxThat({'/dev/tcp/mx.example.com/25': '220 mx.example.com ESMTP'}, {resolve}), asked);
});

test('two certbots, of apt and of snap, are refused before anything is touched', async () => {
	const answers = {distributionPackages: [], sites: [], buildTools: false};
	const both = boxThat({'readlink -e /usr/bin/certbot': '/usr/bin/certbot\n/usr/bin/snap'});
	await expect(packages.check(both, answers)).rejects.toMatchObject({code: 'two-certbots'});
});

const wants = [
	{name: 'mariadb-server', onUbuntu: 'mysql-server'},
	{name: 'nginx', startsLater: 'nginx.service'},
	{name: 'postfix', startsLater: 'postfix.service', selections: 'postfix postfix/mailname string a.example\n'},
	{name: 'certbot'},
];
const asked = {distributionPackages: wants, sites: [], buildTools: false};

test('packages: each distribution has its names; what is there already is neither held back nor asked about', async () => {
	const debian = await packages.check(boxThat({'dpkg-query': 'nginx', 'os-release': 'ID=debian'}), asked);
	expect(debian).toEqual({
		names: ['mariadb-server', 'nginx', 'postfix', 'certbot'],
		missing: ['mariadb-server', 'postfix', 'certbot'],
		held: ['postfix.service'],
		selections: 'postfix postfix/mailname string a.example\n',
		residue: [],
	});
	const ubuntu = await packages.check(boxThat({'os-release': 'ID=ubuntu'}), asked);
	expect(ubuntu).toMatchObject({
		missing: expect.arrayContaining(['mysql-server']),
		held: ['nginx.service', 'postfix.service'],
	});
});

test('packages: a certbot that came as a snap stands for the distribution’s', async () => {
	const snap = boxThat({'readlink -e /usr/bin/certbot': '/usr/bin/snap', 'os-release': 'ID=debian'});
	expect((await packages.check(snap, asked)).names).toEqual(['mariadb-server', 'nginx', 'postfix']);
});
