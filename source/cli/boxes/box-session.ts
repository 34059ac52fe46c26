import {hostname, userInfo} from 'node:os';
import {Disconnected} from '../../contract/box.ts';
import {Secret} from '../../contract/secret.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answer, Ask, Question} from '../../contract/ui/question.ts';
import type {Survey} from '../../contract/ui/survey.ts';
import type {Session} from '../../engine/session.ts';
import {createOutside} from '../../outside/index.ts';
import {survey} from '../../remote/survey.ts';
import {type Journal, openJournal} from '../../state/journal.ts';
import type {JournalState} from '../../state/journal-state.ts';
import {openVault, type Vault} from '../../state/vault.ts';
import {openBox, parseTarget, type SshBox, type Target, type TransportOptions} from '../../transport/index.ts';
import type {ConnectionOptions} from '../given/connection-options.ts';
import {journalOf, loginOf} from './known-boxes.ts';

/** A box that is open, with all that a run of the engine needs. */
export type OpenSession = {
	readonly session: Session;
	readonly box: SshBox;
	readonly door: Door;
	/** Ends the job of an earlier run that is waited for. */
	readonly stopJob: () => void;
	/** What the box is. It is looked at once, when first asked. */
	readonly survey: () => Promise<Survey>;
};

/** What is learnt on the way in: the private key to log in with, once chosen or made, and how to learn the box's own addresses. */
type Door = {identity: string | undefined; addresses?: () => Promise<readonly string[]>};

/**
 * Connects, and opens what is remembered of the box; one that was never seen is looked at. `completeMeans` adds what the
 * journal knows.
 * @throws Trouble
 */
export async function openSession(
	text: string,
	ask: Ask,
	given: ConnectionOptions,
	progress: (line: string) => void,
): Promise<OpenSession> {
	const target = parseTarget(text);
	const known = journalOf(target);
	const state = known?.read();
	const connection = await completeConnection(given, state);
	const {host, port} = state ?? {host: target.host, port: target.port ?? 22};
	const vault = await openVault(host, port, connection.vaultFile === undefined ? {} : {file: connection.vaultFile});
	if (vault.notice !== undefined) progress(vault.notice);
	const door: Door = {identity: connection.identity};
	const sudoPassword = connection.sudoPassword ?? (await vault.get('sudoPassword')) ?? connection.password;
	const heard = hearing(withFirstPassword(ask, state, connection.password));
	const options = transportOptions(connection, door, sudoPassword);
	const box = await enter(waysIn(target, state), heard.ask, progress, options);
	try {
		await keepSudoPassword(vault, box.user, heard.sudoPassword() ?? sudoPassword);
		const journal = known ?? openJournal(target.host, box.port);
		journal.update(before => withVisit(before, box, connection));
		const look = lookOnce(box, journal);
		door.addresses = async () => {
			const {v4, v6} = (await look()).addresses;
			return [...v4, ...v6];
		};
		if (state?.os === undefined) await look();
		return {...stoppable({box, journal, vault, holder: holder()}), box, door, survey: look};
	} catch (error) {
		// Nobody else knows of the connection yet, and it keeps the program running.
		await box.close();
		throw error;
	}
}

/** The session, and what ends the job that it waits for: each time the one that is waited for just then, and no later one. */
function stoppable(parts: Omit<Session, 'stopsJob'>): Pick<OpenSession, 'session' | 'stopJob'> {
	let stops = new AbortController();
	const session: Session = {
		...parts,
		get stopsJob() {
			return stops.signal;
		},
	};
	const stopJob = () => {
		stops.abort();
		stops = new AbortController();
	};
	return {session, stopJob};
}

/** What the box is, looked at once, when first asked. */
function lookOnce(box: SshBox, journal: Journal): () => Promise<Survey> {
	return once(async () => {
		const seen = await survey(box).catch(async (error: unknown) => {
			if (!(error instanceof Disconnected)) throw error;
			await box.reconnect();
			return await survey(box);
		});
		journal.update(before => ({...before, os: seen.os.name}));
		return seen;
	});
}

/** Asks at the first call; a failure is not kept. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
	let asked: Promise<Value> | undefined;
	return () => {
		asked ??= ask().catch((error: unknown) => {
			asked = undefined;
			throw error;
		});
		return asked;
	};
}

/** Flags first, then the practice box, then the journal. */
export async function completeConnection(
	given: ConnectionOptions,
	state: JournalState | undefined,
): Promise<ConnectionOptions> {
	if (!state) return given;
	const remembered: ConnectionOptions = {
		...(state.identity !== undefined && {identity: state.identity}),
		...(state.resolver !== undefined && {resolver: state.resolver}),
		...(state.acmeCa !== undefined && {acmeCa: state.acmeCa}),
	};
	if (state.practice === undefined) return {...remembered, ...given};
	const {practiceMeans} = await import('../wizard/practice-answers.ts');
	return {...remembered, ...(await practiceMeans(state.practice)).connection, ...given};
}

/**
 * The login that was given comes first; once the box has an admin user, root is likely locked out (without being asked
 * anything, since the box then takes keys only), and the admin is next. Where no login is given, it is the one the journal knows.
 */
function waysIn(target: Target, state: JournalState | undefined): Target[] {
	if (!state) return [target];
	const {user, host, port} = loginOf(state);
	const users = new Set([target.user ?? user, user, ...adminToBe(state)]);
	const ports = target.port === undefined ? new Set([port, ...portsToBe(state)]) : [target.port];
	return [...ports].flatMap(number => [...users].map(name => ({user: name, host, port: number})));
}

/** Likewise one that was ended just as a moved door was proven, or as it was moved back. */
function portsToBe({box: {steps, answers}, port}: JournalState): number[] {
	return steps['ssh/hardening'] && typeof answers.sshPort === 'number' ? [answers.sshPort, port] : [];
}

/** A wizard that was ended just as the door was proven has locked root out, and has not noted yet who is let in. */
function adminToBe({box: {steps, answers}}: JournalState): string[] {
	return steps['ssh/hardening'] && typeof answers.user === 'string' ? [answers.user] : [];
}

/** Undoing the last of it leads back to the first login, whose password may be known from the start. */
function withFirstPassword(ask: Ask, state: JournalState | undefined, password: Secret | undefined): Ask {
	return async question => {
		const asked: Question = question;
		const knows = asked.kind === 'password' && asked.user === state?.user && !asked.wrong;
		return knows && password ? (password as Answer<(typeof question)['kind']>) : await ask(question);
	};
}

/** Listens for the sudo password: what opened the box is what its steps need. */
function hearing(ask: Ask): {readonly ask: Ask; readonly sudoPassword: () => Secret | undefined} {
	let heard: Secret | undefined;
	return {
		ask: async question => {
			const answer = await ask(question);
			if ((question as Question).kind === 'sudo-password' && answer instanceof Secret) heard = answer;
			return answer;
		},
		sudoPassword: () => heard,
	};
}

/** A password that has just opened sudo is the one to keep: no other must be made up for that user. */
async function keepSudoPassword(vault: Vault, user: string, password: Secret | undefined): Promise<void> {
	if (user !== 'root' && password) await vault.set('sudoPassword', password);
}

async function enter(
	ways: readonly Target[],
	ask: Ask,
	progress: (line: string) => void,
	options: TransportOptions,
): Promise<SshBox> {
	const [way, ...others] = ways;
	if (!way) throw new TypeError('No way into the box');
	const {user = 'root', host} = way;
	progress(`Connecting to ${host} as ${user}`);
	try {
		return await openBox(way, ask, options);
	} catch (error) {
		const code = error instanceof Trouble ? error.code : '';
		const elsewhere = others.filter(({port}) => port !== way.port);
		const left = ['login-refused', 'other-user'].includes(code)
			? others
			: ['refused', 'timeout'].includes(code)
				? elsewhere
				: [];
		if (left.length === 0) throw error;
		return await enter(left, ask, progress, options);
	}
}

function transportOptions(
	connection: ConnectionOptions,
	door: Door,
	sudoPassword: Secret | undefined,
): TransportOptions {
	const {hostKey, knownHosts, password, resolver, acmeCa, signal} = connection;
	return {
		...(signal && {signal}),
		identity: () => door.identity,
		...(hostKey !== undefined && {hostKey}),
		...(knownHosts !== undefined && {knownHosts}),
		...(password && {password}),
		...(sudoPassword && {sudoPassword}),
		outside: ({peer, login, hostname, port}) =>
			createOutside({
				host: hostname,
				addresses: async () => (await door.addresses?.()) ?? [],
				peer,
				login,
				...(port && {port}),
				...(resolver !== undefined && {nameserver: resolver}),
				...(acmeCa !== undefined && {certificateAuthority: acmeCa}),
			}),
	};
}

function withVisit(state: JournalState, box: SshBox, connection: ConnectionOptions): JournalState {
	const {identity, resolver, acmeCa, practice} = connection;
	const first = state.lastSeen === undefined;
	return {
		...state,
		...(first && {user: box.user}),
		...(!first && box.user !== state.user && {admin: box.user}),
		hostKey: box.hostKey,
		lastSeen: new Date().toISOString(),
		...(identity !== undefined && {identity}),
		...(resolver !== undefined && {resolver}),
		...(acmeCa !== undefined && {acmeCa}),
		...(practice !== undefined && {practice}),
	};
}

/** For whoever finds the box taken. */
function holder(): string {
	const since = new Date().toISOString().slice(0, 16).replace('T', ' ');
	return `${userInfo().username}@${hostname()}, process ${process.pid}, since ${since} UTC`;
}
