import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, expect} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import type {Ask, Question} from '../../source/contract/ui/question.ts';
import {openBox, type SshBox} from '../../source/transport/index.ts';
import {type HostileOptions, type HostileServer, startHostile} from './hostile-server.ts';
import {knownHostsIn} from './server.ts';

/** Of the known hosts. */
export const folder = mkdtempSync(join(tmpdir(), 'boxwizard-hostile-'));
export const running: HostileServer[] = [];
const opened: SshBox[] = [];

afterEach(async () => {
	for (const server of running.splice(0)) server.stop();
	await Promise.all(opened.splice(0).map(box => box.close()));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Control characters but tab and newline, and marks of direction. */
const hostile = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Milliseconds of work without a turn for others: the server does its part of it here, as it runs in this very thread. */
export const longest = 1000;

/** Every text in a value, at any depth. */
function texts(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (value instanceof Secret || typeof value !== 'object' || value === null) return [];
	return Object.values(value instanceof Trouble ? value.toJSON() : value).flatMap(texts);
}

export function expectClean(value: unknown, most = 5000): void {
	const found = texts(value);
	expect(found.length).toBeGreaterThan(0);
	for (const text of found) {
		expect(text).not.toMatch(hostile);
		expect(text.length).toBeLessThanOrEqual(most);
	}
}

export type Reply = (question: Question) => unknown;
export const agreeable: Reply = ({kind, ...question}) => {
	if (kind === 'trust-host') return true;
	return 'prompts' in question ? question.prompts.map(() => new Secret('x')) : new Secret('x');
};

export async function open(
	options: HostileOptions,
	reply = agreeable,
	user = 'root',
): Promise<{box: SshBox; asked: Question[]}> {
	const server = await startHostile(options);
	running.push(server);
	const asked: Question[] = [];
	const ask = (async (question: Question) => {
		asked.push(question);
		return reply(question);
	}) as Ask;
	const box = await openBox({host: '127.0.0.1', port: server.port, user}, ask, {
		outside: () => ({}) as Outside,
		knownHosts: knownHostsIn(folder, `${server.port}`),
	});
	opened.push(box);
	return {box, asked};
}

export async function troubleOf(task: Promise<unknown>): Promise<Trouble> {
	const error = await task.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error instanceof Trouble) return error;
	throw new Error(`no Trouble: ${String(error)}`);
}

/**
 * The most work in which nothing else had its turn, in milliseconds, while a task runs: of this thread's own time on a
 * processor, so that it is the same however busy the machine is.
 */
export async function longestPause<Value>(task: () => Promise<Value>): Promise<{value: Value; pause: number}> {
	let last = process.threadCpuUsage();
	let pause = 0;
	const timer = setInterval(() => {
		const {user, system} = process.threadCpuUsage(last);
		pause = Math.max(pause, (user + system) / 1000);
		last = process.threadCpuUsage();
	}, 5);
	try {
		return {value: await task(), pause};
	} finally {
		clearInterval(timer);
	}
}

export async function all(lines: AsyncIterable<string>): Promise<string[]> {
	const found: string[] = [];
	for await (const line of lines) found.push(line);
	return found;
}
