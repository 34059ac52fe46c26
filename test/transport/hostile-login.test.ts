import {readFileSync} from 'node:fs';
import type {AuthContext, ServerChannel} from 'ssh2';
import {describe, expect, it} from 'vitest';
import type {Question} from '../../source/contract/ui/question.ts';
import {createHostCheck} from '../../source/transport/login/host-check.ts';
import {keyType} from '../../source/transport/login/known-hosts.ts';
import {connectTrouble} from '../../source/transport/troubles.ts';
import {
	agreeable,
	expectClean,
	folder,
	longest,
	longestPause,
	open,
	type Reply,
	troubleOf,
} from './hostile-connection.ts';
import {
	attack,
	attackBytes,
	endless,
	type HostileOptions,
	readyMark,
	sayForEver,
	sendBanner,
} from './hostile-server.ts';
import {knownHostsIn} from './server.ts';

const interactive =
	(talk: (context: Extract<AuthContext, {method: 'keyboard-interactive'}>) => void) => (context: AuthContext) =>
		context.method === 'keyboard-interactive' ? talk(context) : context.reject(['keyboard-interactive']);

describe('on the way in', () => {
	it('questions of the login are shown clean, and in a person’s measure', async () => {
		const {asked} = await open({
			authenticate: interactive(context =>
				context.prompt(
					[
						{prompt: `${attack}Code: `, echo: true},
						{prompt: `${attack}\n${'x'.repeat(5000)}`, echo: false},
					],
					attack,
					`${attack}\n`.repeat(60),
					() => context.accept(),
				),
			),
		});
		const [, question] = asked;
		expectClean(question);
		expect(question).toMatchObject({kind: 'prompts', title: 'shown', prompts: [{text: 'shownCode: '}, {}]});
		expect(JSON.stringify(question).length).toBeLessThan(2000);
	});

	it('questions without end come to an end', async () => {
		const rounds = open({
			authenticate: interactive(context => {
				const round = (): void => context.prompt([{prompt: 'again', echo: true}], round);
				round();
			}),
		});
		expect(await troubleOf(rounds)).toMatchObject({code: 'strange-box'});
		const crowd = open({
			authenticate: interactive(context =>
				context.prompt(
					Array.from({length: 100}, () => ({prompt: 'and?', echo: true})),
					() => context.accept(),
				),
			),
		});
		expect(await troubleOf(crowd)).toMatchObject({code: 'strange-box'});
	});

	it('banners without end take neither memory nor anybody’s turn', async () => {
		let sent = 0;
		const {value, pause} = await longestPause(() =>
			open({
				authenticate(context, client) {
					if (sent > 0) return context.accept();
					const flood = () => {
						for (let index = 0; index < 8; index += 1) sendBanner(client, attack.repeat(150));
						sent += 8 * 150 * attack.length;
						if (sent > 30_000_000) context.reject(['none']);
						else setImmediate(flood);
					};
					flood();
				},
			}).catch((error: unknown) => error),
		);
		expect(value).not.toBeInstanceOf(TypeError);
		expect(sent).toBeGreaterThan(30_000_000);
		expect(pause).toBeLessThan(longest);
	});

	it('motd, .bashrc and what never becomes a shell', async () => {
		const {box} = await open({motd: [attackBytes, Buffer.from('\n')]});
		expect((await box.run('true')).code).toBe(0);
		const {value, pause} = await longestPause(() => troubleOf(open({motd: endless(attackBytes)})));
		expect(value.code).toBe('strange-box');
		expect(pause).toBeLessThan(longest);
	});

	it('the last words of a shell that did not start', async () => {
		const text = Buffer.concat([Buffer.alloc(50_000, 'y'), Buffer.from('\n'), attackBytes, Buffer.from('\n')]);
		const trouble = await troubleOf(open({refusal: {text, code: 1}}));
		expect(trouble.code).toBe('no-shell');
		expectClean(trouble);
		expect(trouble.evidence.join()).toContain('shown');
	});

	it('the words with which a server ends the connection', () => {
		const where = {host: 'h', hostname: 'h', port: 22};
		const trouble = connectTrouble(new Error(`${attack}\n`.repeat(1000)), where);
		expectClean(trouble);
		expect(trouble.evidence.length).toBeLessThan(10);
	});

	it('a host key that is none is not written down, and never shown', async () => {
		const file = knownHostsIn(folder, 'none');
		const type = `ssh-ed25519 AAAA\nexample.com ssh-rsa AAAA ${attack}`;
		const key = Buffer.concat([Buffer.from([0, 0, 0, Buffer.byteLength(type)]), Buffer.from(type)]);
		expect(() => keyType(key)).toThrow('no key');
		for (const shown of [key, Buffer.alloc(0), Buffer.from([255, 255, 255, 255, 0])]) {
			const destination = {host: 'h', hostname: 'h', port: 22, knownAs: 'h', knownHosts: [file]} as never;
			const asked: unknown[] = [];
			const check = createHostCheck({destination, ask: (async (question: unknown) => asked.push(question)) as never});
			expect(await new Promise(resolve => check.verify(shown, resolve))).toBe(false);
			expect(asked).toEqual([]);
		}

		expect(readFileSync(file, 'utf8')).toBe('');
	});

	it('what the shell says of the connection', async () => {
		const instead: HostileOptions['instead'] = (channel, command) => {
			channel.write(`${readyMark(command)} 1 ${attack} 5 6 7\n`);
			channel.exit(0);
			channel.end();
			return true;
		};
		const trouble = await troubleOf(open({instead}));
		expect(trouble.code).toBe('no-shell');
		expectClean(trouble);
	});
});

/** A login that must choose a new password first; `talk` has the dialog's terminal. */
const expiredFirst = (talk: (channel: ServerChannel) => void): HostileOptions => ({
	refusal: {text: Buffer.from(`${attack}\nPassword change required but no TTY available. ${attack}\n`), code: 1},
	instead(channel, command) {
		if (!command.startsWith('echo ')) return false;
		setImmediate(talk, channel);
		return true;
	},
});

describe('the forced change of a password', () => {
	it('takes no more than a few new ones, and shows why in a person’s measure', async () => {
		const asked: Question[] = [];
		const refusing = open(
			expiredFirst(channel => {
				channel.write(`${attack}New password: `);
				channel.on('data', () => channel.write(`\n${attack}${'x'.repeat(5000)}\nNew password: `));
			}),
			question => {
				asked.push(question);
				return agreeable(question);
			},
		);
		const trouble = await troubleOf(refusing);
		expect(trouble.code).toBe('password-change');
		expectClean(trouble, 500);
		expectClean(asked, 1000);
		expect(asked.filter(({kind}) => kind === 'new-password').length).toBeLessThanOrEqual(6);
		expect(asked.length).toBeLessThan(10);
	});

	it('asks one thing at a time, whatever the box asks meanwhile', async () => {
		let unanswered = 0;
		let most = 0;
		const crowding = open(
			expiredFirst(channel => {
				channel.write('New password: ');
				channel.on('data', () => {
					for (let index = 0; index < 5; index += 1) setImmediate(() => channel.write('BAD\nNew password: '));
				});
			}),
			async question => {
				unanswered += 1;
				most = Math.max(most, unanswered);
				await new Promise(resolve => setTimeout(resolve, 30));
				unanswered -= 1;
				return agreeable(question);
			},
		);
		expect(await troubleOf(crowding)).toMatchObject({code: 'password-change'});
		expect(most).toBe(1);
	});

	it('a dialog without end is ended, and so is one that never takes its answer', async () => {
		const talking = expiredFirst(channel => void sayForEver(channel, `${attack}words `));
		const {value, pause} = await longestPause(() => troubleOf(open(talking)));
		expect(value).toMatchObject({code: 'password-change'});
		expectClean(value);
		expect(pause).toBeLessThan(longest);
		const again = expiredFirst(channel => {
			channel.write('Retype new password: ');
			channel.on('data', () => channel.write('Retype new password: '));
		});
		expect(await troubleOf(open(again))).toMatchObject({code: 'password-change'});
	});
});

describe('sudo', () => {
	const sudo = (talk: (channel: ServerChannel, prompt: string) => void): HostileOptions => ({
		instead(channel, command) {
			const prompt = /sudo -S -p (\S+) /.exec(command)?.[1];
			if (prompt !== undefined) setImmediate(talk, channel, prompt);
			return prompt !== undefined;
		},
	});

	it('asks for its password three times at most, and in our words', async () => {
		const asked: Question[] = [];
		const asking = sudo((channel, prompt) => {
			channel.stderr.write(`${attack}${prompt}`);
			channel.on('data', () => channel.stderr.write(`${attack}${'y'.repeat(9000)}\n${prompt}${attack}`));
		});
		const reply: Reply = question => {
			asked.push(question);
			return agreeable(question);
		};
		const trouble = await troubleOf(open(asking, reply, 'jessica'));
		expect(trouble.code).toBe('no-sudo');
		expectClean(trouble, 500);
		expectClean(asked, 200);
		expect(asked.filter(({kind}) => kind === 'sudo-password').length).toBeLessThanOrEqual(3);
	});

	it('what it says when it refuses is shown clean; what never ends is ended', async () => {
		const refusing = sudo(channel => {
			channel.stderr.write(`${attack}jessica is not in the sudoers file ${attack}\n`);
			channel.exit(1);
			channel.end();
		});
		const refused = await troubleOf(open(refusing, agreeable, 'jessica'));
		expect(refused.code).toBe('no-sudo');
		expectClean(refused, 500);
		const endlessly = sudo(channel => void sayForEver(channel, attack));
		expect(await troubleOf(open(endlessly, agreeable, 'jessica'))).toMatchObject({code: 'strange-box'});
	});
});
