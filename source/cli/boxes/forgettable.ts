import type {Catalogue} from '../../contract/kind.ts';
import type {Forgetting} from '../../contract/ui/known-host.ts';
import {forgetBox} from '../../renewals/memory.ts';
import {listJournals, removeJournal, unreadableJournals} from '../../state/journal.ts';
import {type JournalState, labelOf} from '../../state/journal-state.ts';
import {openVault, type Vault} from '../../state/vault.ts';
import {parseTarget} from '../../transport/index.ts';
import {forgetHost, isNamedIn} from '../../transport/login/known-hosts.ts';
import {resolveTarget} from '../../transport/target.ts';
import type {ConnectionOptions} from '../given/connection-options.ts';
import {journalOf, knownState, loginOf} from './known-boxes.ts';
import {heldSecrets} from './secrets.ts';

/** A box with a journal. Without `state` its journal can't be read. */
type Known = {
	readonly host: string;
	readonly port: number;
	readonly path: string;
	readonly state?: JournalState;
};

/** A name in a known_hosts file. */
type KnownName = {readonly file: string; readonly name: string};

/**
 * A box that can be forgotten: what this machine has of it, and what takes that away. Nobody is connected to, and the box is not touched.
 * @throws Trouble for a box that this machine does not know
 */
export async function forgettable(
	text: string,
	catalogue: Catalogue,
	{knownHosts}: ConnectionOptions,
): Promise<{readonly forgetting: Forgetting; readonly forget: () => Promise<void>}> {
	const box = known(text);
	const {host, port, path, state} = box;
	// Those of a practice box lie in its own folder, and go with it.
	const isPractice = state?.practice !== undefined;
	const vault = isPractice ? undefined : await openVault(host, port);
	const apps = Object.keys(state?.apps ?? {});
	const secrets = vault ? [...(await heldSecrets(vault, catalogue, [undefined, ...apps]))] : [];
	const names = isPractice ? [] : await knownNames(box, knownHosts);
	return {
		forgetting: {
			label: state ? labelOf(state) : host,
			goes: goesOf(path, secrets, names),
			stays: staysOf(state, vault),
		},
		async forget() {
			for (const secret of secrets) await vault?.remove(secret);
			for (const {file, name} of names) forgetHost(file, name);
			if (isLast(box)) forgetBox(host);
			// At the end: as long as it is there, what was cut off can be done again.
			removeJournal(path);
		},
	};
}

function known(text: string): Known {
	const target = parseTarget(text);
	const {host, port = 22} = target;
	const damaged = unreadableJournals().find(one => one.host === host.toLowerCase() && one.port === port);
	if (damaged) return damaged;
	const state = knownState(text);
	return {host: state.host, port: state.port, path: journalOf(target)?.path ?? '', state};
}

/** The names that its keys stand under in the file that they were added to: its port may have been moved. */
async function knownNames({host, port, state}: Known, file: string | undefined): Promise<readonly KnownName[]> {
	const ports = new Set([port, ...(state ? [loginOf(state).port] : [])]);
	const places = await Promise.all([...ports].map(one => resolveTarget({user: 'root', host, port: one}, file)));
	return places.flatMap(({knownHosts: [first], knownAs}) =>
		first !== undefined && isNamedIn(first, knownAs) ? [{file: first, name: knownAs}] : [],
	);
}

/** No other box has the same address, at another port. */
function isLast({host, path}: Known): boolean {
	return listJournals().every(journal => journal.path === path || journal.read().host !== host);
}

function goesOf(path: string, secrets: readonly string[], names: readonly KnownName[]): readonly string[] {
	return [
		`its journal, with your answers and what was found before each change: ${path}`,
		...(secrets.length === 0
			? []
			: [secrets.length === 1 ? 'its password in the keychain' : `its ${secrets.length} passwords in the keychain`]),
		...[...new Set(names.map(({file}) => file))].map(file => `its host key in ${file}`),
		'its place in renewals and reminders',
	];
}

function staysOf(state: JournalState | undefined, vault: Vault | undefined): readonly string[] {
	return [
		'On the box nothing is touched: where it still stands, its apps run on.',
		'The way back is then on the box alone, in /var/lib/boxwizard; nothing can be undone from here any more.',
		...(vault ? [] : ['It is a practice box: it stays on this machine, with its passwords, until it is removed.']),
		...(vault?.closed ? ['The keychain was not opened: passwords that it may hold of this box stay in it.'] : []),
		...(state ? [] : ['Its journal can’t be read: passwords of its apps, which it would name, stay in the keychain.']),
	];
}
