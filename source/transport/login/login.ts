import type {AnyAuthMethod, AuthHandlerMiddleware, NextAuthHandler} from 'ssh2';
import type {Secret} from '../../contract/secret.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Ask} from '../../contract/ui/question.ts';
import {cleanText} from '../../remote/clean.ts';
import type {Destination} from '../target.ts';
import {strangeBox} from '../troubles.ts';
import {asAgent} from './agent.ts';
import type {KeyMemory, Ssh2} from './key.ts';
import {findKeys, keysInHalf} from './keyring.ts';

/** What has been learnt about how to log in: kept in memory only, so that a reconnect asks nothing again. */
export type Credentials = {
	readonly keys: KeyMemory;
	/** Login passwords, by user. */
	readonly passwords: Map<string, Secret>;
	/** Sudo passwords, by user. */
	readonly sudo: Map<string, Secret>;
};

export type LoginOptions = {
	readonly ssh2: Ssh2;
	readonly destination: Destination;
	readonly credentials: Credentials;
	readonly identity?: string;
	/** Nothing but keys: the proof that the door opens without a password. */
	readonly keysOnly?: boolean;
	/** The authorized_keys lines of the door, where they are known: for saying which of them has no private half here. */
	readonly expected?: readonly string[];
	readonly ask: Ask;
	/** Ends the connection, in the middle of a login that can't be gone on with. */
	readonly giveUp?: () => void;
};

/** A login under way: what ssh2 asks for the next method, and what was tried. */
export type Login = {
	readonly handler: AuthHandlerMiddleware;
	/** Plain words, in order: 'key /home/j/.ssh/id_ed25519', 'password'. */
	readonly tried: readonly string[];
	/** What there was no private half of on this machine, a line each: nothing could be tried with it. */
	readonly halves: readonly string[];
	/** Why it came to an end, when not by the box: the person gave up, a question nobody can answer. */
	failure(): unknown;
};

const tries = 3;
/** Rounds of questions (RFC 4256) in one login, questions in one round, and what one text may be. */
const most = {rounds: 12, prompts: 12, characters: 400, lines: 12};

export function emptyCredentials(): Credentials {
	return {keys: {unlocked: new Map(), unusable: new Set()}, passwords: new Map(), sudo: new Map()};
}

/** Prepares a login: keys, then password, then keyboard-interactive, each only where the box offers it. */
export function createLogin(options: LoginOptions): Login {
	const tried: string[] = [];
	const halves: string[] = [];
	let failure: unknown;
	let left: readonly string[] = [];
	const methods = nextMethods(options, {tried, halves}, () => left, fail);
	function fail(error: unknown) {
		failure ??= error;
	}

	const advance = async (next: NextAuthHandler) => {
		try {
			const {value} = failure === undefined ? await methods.next() : {value: undefined};
			// ssh2 ends the login with `false`; its types don't know.
			next((value ?? false) as AnyAuthMethod);
		} catch (error) {
			fail(error);
			next(false as unknown as AnyAuthMethod);
		}
	};

	return {
		tried,
		halves,
		failure: () => failure,
		handler: (methodsLeft, _partial, next) => {
			left = methodsLeft ?? left;
			void advance(next);
		},
	};
}

async function* nextMethods(
	options: LoginOptions,
	{tried, halves}: {readonly tried: string[]; readonly halves: string[]},
	left: () => readonly string[],
	fail: (error: unknown) => void,
): AsyncGenerator<AnyAuthMethod, undefined, void> {
	const {ssh2, destination, credentials, keysOnly} = options;
	const username = destination.user;
	const candidates = await findKeys({...options, memory: credentials.keys});
	halves.push(...keysInHalf(options, candidates));
	if (candidates.length > 0) {
		tried.push(...candidates.map(candidate => `key ${candidate.name}`));
		yield {type: 'agent', username, agent: asAgent(ssh2, candidates, credentials.keys)};
	}

	if (keysOnly) return undefined;
	// The box tells its methods only on a refusal, and ssh2 hides the one of the keys.
	yield {type: 'none', username};
	yield* passwordMethods(options, tried, left);
	yield* interactiveMethods(options, tried, left, fail);
	return undefined;
}

async function* passwordMethods(
	{destination: {user, host}, credentials, ask}: LoginOptions,
	tried: string[],
	left: () => readonly string[],
): AsyncGenerator<AnyAuthMethod, void, void> {
	for (let attempt = 0; attempt < tries && left().includes('password'); attempt++) {
		const known = attempt === 0 ? credentials.passwords.get(user) : undefined;
		const password = known ?? (await ask({kind: 'password', user, host, wrong: attempt > 0}));
		credentials.passwords.set(user, password);
		if (attempt === 0) tried.push('password');
		yield {type: 'password', username: user, password: password.reveal()};
		// Asked for once more: it was wrong.
		credentials.passwords.delete(user);
	}
}

async function* interactiveMethods(
	options: LoginOptions,
	tried: string[],
	left: () => readonly string[],
	fail: (error: unknown) => void,
): AsyncGenerator<AnyAuthMethod, void, void> {
	// A server that takes passwords asks the same one again here.
	if (tried.includes('password')) return;
	let rounds = 0;
	for (let attempt = 0; attempt < tries && left().includes('keyboard-interactive'); attempt++) {
		if (attempt === 0) tried.push('keyboard-interactive');
		yield {
			type: 'keyboard-interactive',
			username: options.destination.user,
			prompt: (title, instructions, _language, prompts, finish) => {
				rounds += 1;
				const asking =
					rounds > most.rounds || prompts.length > most.prompts
						? Promise.reject(strangeBox(`${options.destination.host} asks without end before it lets anybody in.`))
						: answerPrompts(options, shown(title, instructions, prompts), attempt);
				asking.then(
					answers => finish(answers.map(answer => answer.reveal())),
					(error: unknown) => {
						fail(error);
						options.giveUp?.();
					},
				);
			},
		};
		options.credentials.passwords.delete(options.destination.user);
	}
}

type Prompts = {title: string; instructions: string; prompts: {text: string; echo: boolean}[]};

/** The box's own words, as a person may see them. */
function shown(title: string, instructions: string, prompts: readonly {prompt: string; echo?: boolean}[]): Prompts {
	const words = (text: string) =>
		cleanText(text, {longestLine: most.characters}).split('\n').slice(0, most.lines).join('\n');
	return {
		title: words(title).replaceAll('\n', ' ').trim(),
		instructions: words(instructions).trim(),
		prompts: prompts.map(({prompt, echo}) => ({text: words(prompt).replaceAll('\n', ' '), echo: echo === true})),
	};
}

/** A lone hidden prompt for the password is the password, however it is transported. */
async function answerPrompts(options: LoginOptions, asked: Prompts, attempt: number): Promise<readonly Secret[]> {
	const {destination, credentials, ask} = options;
	const [prompt] = asked.prompts;
	const isPassword =
		asked.prompts.length === 1 && prompt?.echo === false && /password|passwort|mot de passe/i.test(prompt.text);
	if (!isPassword) return ask({kind: 'prompts', ...asked});
	const {user, host} = destination;
	const known = attempt === 0 ? credentials.passwords.get(user) : undefined;
	const password = known ?? (await ask({kind: 'password', user, host, wrong: attempt > 0}));
	credentials.passwords.set(user, password);
	return [password];
}

/** The Trouble of a login that no method opened; `reason` is what the box and ssh2 said. */
export function refused({destination: {user, host}}: LoginOptions, login: Login, reason: string): Trouble {
	const tried = login.tried.length > 0 ? [...login.tried] : ['nothing: there was no key to try'];
	return new Trouble({
		what: `${host} lets nobody in as ${user}.`,
		...waysOn(user, host, login, reason),
		evidence: [...login.halves, ...tried.map(way => `tried: ${way}`)],
		code: 'login-refused',
	});
}

/** What a refusal means, and what to do: a key that is here only in half could not even be tried. */
function waysOn(user: string, host: string, {tried, halves}: Login, reason: string): {means: string; next: string} {
	if (/too many authentication failures/i.test(reason)) {
		return {
			means: 'The box ended the login because too many keys were tried: the right one may not have had its turn.',
			next: 'Name the right key with --identity FILE.',
		};
	}

	const password = tried.some(way => ['password', 'keyboard-interactive'].includes(way));
	if (halves.length === 0) {
		return {
			means: 'The box answers, but it took none of the ways below.',
			next: `${password ? 'Check the user name and the password, or name' : 'Check the user name, and name'} the right key with --identity FILE. “ssh ${user}@${host}” from here shows the same.`,
		};
	}

	const [its, it] = halves.length === 1 ? ['that of the key below', 'it'] : ['those of the keys below', 'one'];
	return {
		means: `A key opens a box with its private half, and this machine does not have ${its}.`,
		next: `Go on from a machine that has ${it}, load ${it} into the agent (ssh-add), or name another key with --identity FILE.${password ? ' Where a password should do, check it and the user name.' : ''}`,
	};
}
