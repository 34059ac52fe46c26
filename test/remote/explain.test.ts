import {describe, expect, test} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import type {Probe, Step} from '../../source/contract/step.ts';
import {explainFailure} from '../../source/remote/explain.ts';
import {outgoingRoute} from '../../steps/mail/outgoingRoute.ts';
import {packages} from '../../steps/services/packages.ts';
import {basePackages} from '../../steps/system/basePackages.ts';

const step = basePackages as unknown as Step;

describe('what the end of a log means', () => {
	test.each([
		['E: Failed to fetch http://deb.example/x.deb  Hash Sum mismatch', 100, 'in the middle of a change'],
		[
			'E: Release file for http://deb.example is not valid yet (invalid for another 3h)',
			100,
			'clock of the box is slow',
		],
		['tar: write error: No space left on device', 2, 'disk of the box is full'],
		[
			'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)',
			100,
			'apt (process 7), is at work on the packages: it holds /var/lib/dpkg/lock-frontend.',
		],
		[
			'debconf: DbDriver "config": /var/cache/debconf/config.dat is locked by another process: Resource temporarily unavailable',
			1,
			'Another program is at work on the packages',
		],
		['E: Unable to lock directory /var/cache/apt/archives/', 100, 'Another program is at work on the packages'],
		[
			'apt-get (812) has held /var/cache/apt/archives/lock for 15 minutes: it is waited for no longer',
			100,
			'apt-get (process 812), is at work on the packages, and has not finished in 15 minutes',
		],
		['It had not come to an end after 60 minutes, and was ended.', 124, 'after 60 minutes: it was ended'],
		['/jobs/1/script: line 9:    70 Killed                  pip install numpy', 137, 'ran out of memory'],
		['Collecting numpy', 137, 'ran out of memory'],
	])('%s', (line, code, means) => {
		expect(explainFailure(step, code, ['$ a command', line]).means).toContain(means);
	});

	test('a failure that is none of these is not taken for one', () => {
		expect(explainFailure(step, 1, ['$ a command', 'Collecting numpy']).means).toContain('What came before it is done');
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
	const answers = {database: 'sqlite', queue: '', supervisor: 'systemd', mail: 'none', buildTools: false};
	const both = boxThat({'readlink -e /usr/bin/certbot': '/usr/bin/certbot\n/usr/bin/snap'});
	await expect(packages.check(both, answers as never)).rejects.toMatchObject({code: 'two-certbots'});
});
