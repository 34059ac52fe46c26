import {spawn} from 'node:child_process';
import {Trouble} from '../../contract/trouble.ts';
import {cleanText} from '../../remote/clean.ts';
import type {RunProgram} from './scheduler.ts';

/** Milliseconds that a program of the system may take. */
const patience = 30_000;

export const runProgram: RunProgram = async ([program = '', ...words], input = '') => {
	const child = spawn(program, words, {env: {...process.env, LC_ALL: 'C'}, timeout: patience});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.once('error', () => undefined).end(input);
	return await new Promise(resolve => {
		child.once('error', error => resolve({code: 127, stdout, stderr: error.message}));
		child.once('close', code => resolve({code: code ?? 1, stdout, stderr}));
	});
};

/** Runs a program that must succeed. @throws Trouble */
export async function must(run: RunProgram, words: readonly string[], input?: string): Promise<string> {
	const {code, stdout, stderr} = await run(words, input);
	if (code === 0) return stdout;
	throw new Trouble({
		what: `“${words.join(' ')}” failed on this machine.`,
		means: 'The daily check is not scheduled as it should be.',
		next: 'Mend what the lines below name, then run it again: boxwizard reminders install',
		evidence: cleanText(`${stderr}\n${stdout}`)
			.split('\n')
			.filter(line => line !== ''),
		code: 'schedule',
	});
}
