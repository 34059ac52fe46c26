import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import {Secret} from '../../contract/secret.ts';
import type {Answer, Ask, Question} from '../../contract/ui/question.ts';
import {cleanText} from '../../remote/clean.ts';
import {Interrupted, note} from './output.ts';

/** Asks line by line on a terminal: for commands that print a report instead of screens. */
export const askTerminal: Ask = async question => (await answer(question)) as Answer<(typeof question)['kind']>;

async function answer(question: Question): Promise<Answer<Question['kind']>> {
	switch (question.kind) {
		case 'trust-host':
			note(`${question.host} port ${question.port} is new to this machine. Its key: ${question.keyType}`);
			note(`  ${question.fingerprint}`);
			return await confirm('Does your provider show the same?');
		case 'password':
			return await hidden(`${again(question.wrong)}Password of ${question.user} on ${question.host}: `);
		case 'sudo-password':
			return await hidden(`${again(question.wrong)}Password of ${question.user} for sudo: `);
		case 'passphrase':
			return await hidden(`${again(question.wrong)}Passphrase of ${question.identity}: `);
		case 'new-password':
			note(`${question.reason} The box wants ${question.user} to choose a new password.`);
			return await hidden(`New password of ${question.user}: `);
		case 'prompts': {
			if (question.instructions !== '') note(question.instructions);
			const secrets: Secret[] = [];
			for (const {text, echo} of question.prompts) secrets.push(await (echo ? shown(text) : hidden(text)));
			return secrets;
		}
	}
}

const again = (wrong: boolean): string => (wrong ? 'That was not it. ' : '');

/** Yes or no; no when only Enter is pressed. */
export async function confirm(question: string): Promise<boolean> {
	const text = await readLine(`${question} (yes/no) `, false);
	return /^y(es)?$/i.test(text.trim());
}

/** Whether the person types this very name: more than a yes, for what can't be had back. */
export async function typeName(question: string, name: string): Promise<boolean> {
	const text = await readLine(`${question} Type “${name}” to do it: `, false);
	return text.trim() === name;
}

/** Leaves what stands on the terminal there until the person has read it. */
export async function waitForEnter(words: string): Promise<void> {
	await readLine(words, false).catch(() => '');
}

/** A secret that is typed unseen. @throws Interrupted */
export const askHidden = (prompt: string): Promise<Secret> => hidden(prompt);

const shown = async (prompt: string): Promise<Secret> => new Secret(await readLine(prompt, false));
const hidden = async (prompt: string): Promise<Secret> => new Secret(await readLine(prompt, true));

/** @throws Interrupted on Ctrl-C and at the end of input */
async function readLine(prompt: string, mute: boolean): Promise<string> {
	const question = cleanText(prompt);
	// readline draws its line anew, and would wipe out what others have written there; unseen, it draws nothing.
	if (mute) process.stderr.write(question);
	const silence = new Writable({write: (_chunk, _encoding, done) => done()});
	const reader = createInterface({input: process.stdin, output: mute ? silence : process.stderr, terminal: true});
	const ended = Promise.withResolvers<never>();
	reader.once('SIGINT', () => ended.reject(new Interrupted()));
	reader.once('close', () => ended.reject(new Interrupted()));
	try {
		return await Promise.race([reader.question(mute ? '' : question), ended.promise]);
	} finally {
		reader.close();
		if (mute) process.stderr.write('\n');
	}
}
