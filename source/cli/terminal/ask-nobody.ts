import {Secret} from '../../contract/secret.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answer, Ask, Question} from '../../contract/ui/question.ts';

/** Lines of --password-stdin: the login's password, and the new one where the box demands a change. */
export type GivenPasswords = {readonly password?: Secret; readonly newPassword?: Secret};

/** Answers what flags answer; all else is an error that names the flag. For runs without a terminal. */
export function askNobody({password, newPassword}: GivenPasswords): Ask {
	const answer = (question: Question): Answer<Question['kind']> => {
		switch (question.kind) {
			case 'trust-host':
				throw unknownHost(question);
			case 'password':
			case 'sudo-password':
				if (password && !question.wrong) return password;
				throw missingPassword(question, password !== undefined);
			case 'prompts':
				// One hidden prompt is a password by another name (PAM); more is a second factor.
				if (password && question.prompts.length === 1 && question.prompts[0]?.echo === false) return [password];
				if (question.prompts.length === 0) return [];
				throw twoFactors(question.prompts.map(prompt => prompt.text));
			case 'passphrase':
				throw passphrase(question.identity);
			case 'new-password':
				if (newPassword) return newPassword;
				throw changeDemanded(question);
		}
	};

	return async question => answer(question) as Answer<(typeof question)['kind']>;
}

/** Reads --password-stdin: at most two lines, no more than a password's length each. */
export async function readPasswords(input: AsyncIterable<Buffer | string>): Promise<GivenPasswords> {
	let text = '';
	for await (const chunk of input) {
		text += chunk.toString();
		if (text.length > 4096) break;
	}

	const [first = '', second = ''] = text.split(/\r?\n/);
	if (first === '') {
		throw new Trouble({
			what: 'Nothing came on stdin.',
			means: '--password-stdin reads the login’s password from its first line.',
			next: 'Pipe it in from a file or a password manager: pass show box | boxwizard setup root@HOST --password-stdin',
			code: 'missing-answer',
		});
	}

	return {password: new Secret(first), ...(second !== '' && {newPassword: new Secret(second)})};
}

function unknownHost({host, port, keyType, fingerprint}: Extract<Question, {kind: 'trust-host'}>): Trouble {
	return new Trouble({
		what: `${host} port ${port} shows a key that this machine does not know yet.`,
		means: 'Without a person to compare it, anyone between here and the box could pose as it. Nothing was sent.',
		next: `Compare it with what your provider shows, then give it with --host-key ${fingerprint}`,
		evidence: [`${keyType} ${fingerprint}`],
		code: 'unknown-host',
	});
}

function missingPassword(
	{kind, user}: Extract<Question, {kind: 'password' | 'sudo-password'}>,
	given: boolean,
): Trouble {
	const purpose = kind === 'password' ? 'log in' : 'use sudo';
	return new Trouble({
		what: given ? `The password of ${user} was refused.` : `A password is needed to ${purpose} as ${user}.`,
		means: 'There is no terminal to ask on. Nothing was done.',
		next: 'Give it on stdin with --password-stdin, or log in with a key: --identity FILE.',
		code: 'missing-answer',
	});
}

function twoFactors(prompts: readonly string[]): Trouble {
	return new Trouble({
		what: 'The box asks more than a password.',
		means: 'Its login wants an answer that only a person can give, and there is no terminal to ask on.',
		next: 'Run it in a terminal, or log in with a key: --identity FILE.',
		evidence: prompts,
		code: 'missing-answer',
	});
}

function passphrase(identity: string): Trouble {
	return new Trouble({
		what: `The key ${identity} is locked with a passphrase.`,
		means: 'There is no terminal to ask on. Nothing was done.',
		next: `Unlock it once in your ssh agent: ssh-add ${identity}`,
		code: 'missing-answer',
	});
}

function changeDemanded({user, reason}: Extract<Question, {kind: 'new-password'}>): Trouble {
	return new Trouble({
		what: `The box wants ${user} to choose a new password before anything else.`,
		means: 'There is no terminal to ask on. Nothing was done.',
		next: 'Give the new one as the second line of --password-stdin, or run it in a terminal.',
		evidence: [reason],
		code: 'missing-answer',
	});
}
