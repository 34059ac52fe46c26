import {describe, expect, test} from 'vitest';
import type {Probe} from '../../../source/contract/step.ts';
import {reachedConflict, readReached} from '../../../steps/firewall/reached.ts';

type Box = {readonly sockets?: string; readonly settings?: string; readonly v4?: string; readonly ports?: string};

/** A box that answers what ss, ufw's files and sshd say. */
function probe({sockets = '', settings = '', v4 = '', ports = 'port 22'}: Box): Probe {
	const answers: readonly [RegExp, string][] = [
		[/^ss /, sockets],
		[/ufw\.conf/, settings],
		[/user\.rules/, v4],
		[/^sshd -T/, ports],
	];
	const ask = async (pieces: TemplateStringsArray) =>
		answers.find(([pattern]) => pattern.test(pieces.join('')))?.[1] ?? '';
	return ask as unknown as Probe;
}

/** As `ss -Hlntup` printed it on boxes: PostgreSQL on all addresses, a game, WireGuard, and what is no matter. */
const sockets = `udp   UNCONN 0      0                                  0.0.0.0:27015      0.0.0.0:*    users:(("socat",pid=7176,fd=5))
udp   UNCONN 0      0                                  0.0.0.0:51820      0.0.0.0:*
udp   UNCONN 0      0                           127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=99,fd=13))
udp   UNCONN 0      0            [fe80::1%host0]:546           [::]:*    users:(("systemd-network",pid=98,fd=20))
udp   UNCONN 0      0                                  0.0.0.0:40213      0.0.0.0:*    users:(("named",pid=97,fd=20))
tcp   LISTEN 0      4096                               0.0.0.0:2222       0.0.0.0:*    users:(("sshd",pid=6289,fd=3),("systemd",pid=1,fd=61))
tcp   LISTEN 0      128                                   [::]:22            [::]:*    users:(("systemd",pid=1,fd=62))
tcp   LISTEN 0      5                                  0.0.0.0:80         0.0.0.0:*    users:(("python3",pid=2643,fd=3))
tcp   LISTEN 0      244                                0.0.0.0:5432       0.0.0.0:*    users:(("postgres",pid=2561,fd=5))
tcp   LISTEN 0      4096                               0.0.0.0:8081       0.0.0.0:*    users:(("docker-proxy",pid=801,fd=4))
tcp   LISTEN 0      511                              127.0.0.1:6379       0.0.0.0:*    users:(("redis-server",pid=5869,fd=6))
tcp   LISTEN 0      511                     [::ffff:127.0.0.1]:9200             *:*    users:(("java",pid=5870,fd=6))
tcp   LISTEN 0      244                                   [::]:5432          [::]:*    users:(("postgres",pid=2561,fd=6))
`;
const atWork = 'ENABLED=yes\nDEFAULT_INPUT_POLICY="DROP"';
const rule = (words: string) => `### tuple ### ${words} in`;

describe('what others reach, and would not any more', () => {
	test('without a firewall: all but ssh, the web, what the box alone reaches, and what Docker lets in', async () => {
		expect(await readReached(probe({sockets}))).toEqual([
			{port: 5432, protocol: 'tcp', program: 'postgres'},
			{port: 27_015, protocol: 'udp', program: 'socat'},
			{port: 51_820, protocol: 'udp', program: ''},
		]);
	});

	test.each([
		['has no rule for it', '', []],
		['lets everybody in to it', rule('allow tcp 5432 0.0.0.0/0 any 0.0.0.0/0'), [5432]],
		['lets one address in to it', rule('allow tcp 5432 0.0.0.0/0 any 203.0.113.9'), [5432]],
		['lets one address in to all', rule('allow any any 0.0.0.0/0 any 203.0.113.9'), [5432]],
		['shuts it', rule('deny tcp 5432 0.0.0.0/0 any 0.0.0.0/0'), []],
		['lets in to something else', rule('allow udp 27015 0.0.0.0/0 any 0.0.0.0/0'), []],
	])('a firewall at work stays as it is, and only a database would change: it %s', async (_name, v4, expected) => {
		const found = await readReached(probe({sockets, settings: atWork, v4}));
		expect(found.map(({port}) => port)).toEqual(expected);
	});

	test('one that lets in whatever no rule shuts is none', async () => {
		const settings = 'ENABLED=yes\nDEFAULT_INPUT_POLICY="ACCEPT"';
		expect(await readReached(probe({sockets, settings}))).toHaveLength(3);
	});

	test('a person is asked, and told each program with its ports', async () => {
		const more = `${sockets}tcp LISTEN 0 9 *:993 *:* users:(("dovecot",pid=1,fd=5))\ntcp LISTEN 0 9 *:995 *:* users:(("dovecot",pid=1,fd=6))\n`;
		expect(await reachedConflict(probe({sockets: more}))).toMatchObject({
			option: 'otherPorts',
			what: 'Others reach dovecot (ports 993, 995), postgres (port 5432), socat (port 27015/udp) and a program (port 51820/udp) on this box.',
		});
		expect(await reachedConflict(probe({}))).toBeUndefined();
	});
});
