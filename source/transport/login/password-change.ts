import {randomBytes} from 'node:crypto';
import type {Client, ClientChannel} from 'ssh2';
import {Disconnected} from '../../contract/box.ts';
import type {Secret} from '../../contract/secret.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Ask} from '../../contract/ui/question.ts';
import {cleanText} from '../../remote/clean.ts';

export type PasswordChange = {
	readonly client: Client;
	readonly user: string;
	readonly host: string;
	/** What the box said, for the screen. */
	readonly reason: string;
	/** The password of the login; undefined when it was by key. */
	readonly old: Secret | undefined;
	readonly ask: Ask;
};

const prompts = {
	old: /(?:current|old)[^\n]*password[^\n:]*:\s*$|\(current\)[^\n]*:\s*$/i,
	again: /(?:retype|repeat|re-enter|again)[^\n]*:\s*$/i,
	fresh: /new[^\n]*password[^\n:]*:\s*$/i,
	done: /updated successfully|successfully changed|all authentication tokens updated/i,
};

/**
 * Walks through the forced change of an expired password. sshd asks for it only on a terminal: before the command (with PAM,
 * which says nothing when all went well), or by running passwd in its place. So the command is a word to wait for.
 * Asks for the new password, and again with the box's own words when it does not take it. Answers the new one. @throws Trouble, Disconnected
 */
export async function changePassword(change: PasswordChange): Promise<Secret> {
	const {user, host, ask} = change;
	const old = change.old ?? (await ask({kind: 'password', user, host, wrong: false}));
	const fresh = await ask({kind: 'new-password', user, reason: change.reason});
	const mark = randomBytes(16).toString('hex');
	const channel = await openTerminal(change.client, `echo ${mark}`);
	return converse({channel, mark, old, first: fresh}, change);
}

function openTerminal(client: Client, command: string): Promise<ClientChannel> {
	return new Promise((resolve, reject) => {
		client.exec(command, {pty: {term: 'dumb', cols: 200}}, (error, channel) =>
			error ? reject(error) : resolve(channel),
		);
	});
}

/** Characters of what the box says that are looked at: its prompts stand at the end. */
const looked = 2048;
/** Characters of a line of it that are shown. */
const longestLine = 400;
/** Bytes that it may say; an honest one says a few hundred. */
const mostSaid = 1_000_000;
/** New passwords that are offered; passwd itself takes three at most. */
const mostOffers = 6;
/** Answers in all: the old password, and each new one twice. */
const mostAnswers = 1 + 2 * mostOffers;

type Dialog = {readonly channel: ClientChannel; readonly mark: string; readonly old: Secret; readonly first: Secret};

function converse({channel, mark, old, first}: Dialog, {ask, user}: PasswordChange): Promise<Secret> {
	return new Promise((resolve, reject) => {
		let fresh = first;
		let text = '';
		let said = '';
		let offered = 0;
		let olds = 0;
		let answers = 0;
		let bytesSaid = 0;
		/** While the person is asked, the box is not listened to: it waits, or asks what nobody answers. */
		let asking = false;
		const send = (secret: Secret) => {
			answers += 1;
			if (answers > mostAnswers) return fail(refusedChange(user, said + text));
			said = (said + text).slice(-looked);
			text = '';
			channel.write(`${secret.reveal()}\n`);
		};
		const fail = (error: unknown) => {
			channel.close();
			reject(error);
		};
		const offer = async () => {
			offered += 1;
			if (offered > 1) {
				const reason = lastWords(said + text);
				text = '';
				said = '';
				if (offered > mostOffers) return fail(refusedChange(user, reason));
				asking = true;
				fresh = await ask({kind: 'new-password', user, reason});
				asking = false;
			}

			send(fresh);
		};

		channel.on('data', (bytes: Buffer) => {
			bytesSaid += bytes.length;
			if (bytesSaid > mostSaid) return fail(refusedChange(user, said + text));
			text = (text + cleanText(bytes, {longestLine})).slice(-looked);
			if (asking) return;
			if (text.includes(mark) || prompts.done.test(text)) {
				channel.close();
				resolve(fresh);
			} else if (prompts.again.test(text)) send(fresh);
			else if (prompts.fresh.test(text)) offer().catch(fail);
			else if (prompts.old.test(text)) {
				olds += 1;
				if (olds > 1) fail(refusedChange(user, said));
				else send(old);
			}
		});
		channel.on('close', () => {
			if (offered === 0 && said + text === '') reject(new Disconnected('The connection to the box was lost.'));
			else reject(refusedChange(user, said + text));
		});
	});
}

function lastWords(text: string): string {
	const said = text.split('\n').map(line => line.trim());
	return (
		said
			.filter(line => line !== '' && !/:\s*$/.test(line))
			.at(-1)
			?.slice(0, longestLine) ?? 'The box did not take this password.'
	);
}

function refusedChange(user: string, text: string): Trouble {
	return new Trouble({
		what: `The box wants a new password for ${user}, and the change failed.`,
		means: 'Until the password is changed, nothing can be run on the box. The old password still holds.',
		next: `Try again with a longer password, or change it by hand: log in with “ssh ${user}@…” in a terminal.`,
		evidence: text
			.split('\n')
			.filter(line => line.trim() !== '')
			.slice(-6)
			.map(line => line.slice(0, longestLine)),
		code: 'password-change',
	});
}
