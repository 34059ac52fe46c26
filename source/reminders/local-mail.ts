import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import {delimiter, join} from 'node:path';
import type {Reminder} from './reminder.ts';

/** Milliseconds that the mail server of this machine may take. */
const patience = 15_000;

/** Mails the person through this machine's own mail server; answers why it can't, or nothing when it was taken. */
export async function mailLocally({title, body}: Pick<Reminder, 'title' | 'body'>): Promise<string | undefined> {
	const program = sendmail();
	if (program === undefined) return 'this machine has no mail server';
	const {username} = userInfo();
	return await new Promise(resolve => {
		const child = spawn(program, ['-i', username], {stdio: ['pipe', 'ignore', 'ignore'], timeout: patience});
		child.once('error', error => resolve(error.message));
		child.once('close', code => resolve(code === 0 ? undefined : `${program} ended with ${code ?? 'a signal'}`));
		// What ends before it has read all says so by its exit code.
		child.stdin.once('error', () => undefined);
		child.stdin.end(mailText(username, title, body));
	});
}

/** A mail (RFC 5322) in UTF-8. */
export function mailText(to: string, title: string, body: string): string {
	return [
		`From: boxwizard <${to}@${hostname()}>`,
		`To: ${to}`,
		`Subject: =?utf-8?B?${Buffer.from(title).toString('base64')}?=`,
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: 8bit',
		'Auto-Submitted: auto-generated',
		'',
		body,
		'',
	].join('\n');
}

/** As mail servers install it for programs (Linux Standard Base, sendmail). */
function sendmail(): string | undefined {
	if (process.platform === 'win32') return undefined;
	const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/lib'];
	return folders
		.filter(folder => folder !== '')
		.map(folder => join(folder, 'sendmail'))
		.find(path => existsSync(path));
}
