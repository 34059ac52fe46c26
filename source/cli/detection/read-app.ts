import {realpathSync} from 'node:fs';
import {relative, sep} from 'node:path';
import type {Tree} from '../../contract/detection.ts';
import type {FoundApp} from '../../contract/ui/found-app.ts';
import {readRepository} from '../../detection/clone.ts';
import {readFolder} from '../../detection/folder.ts';
import {readGitFolder} from '../../detection/git-folder.ts';
import {overHttps, publicAddress} from '../../detection/public-address.ts';
import {localRepository} from '../../practice/services/repository.ts';

/** A folder of the person's that is a clone of something. */
export type OwnClone = {
	/** The top of its work tree. Absolute. */
	readonly folder: string;
	/** Where in it they stand: 'backend', '' at its top. */
	readonly inside: string;
	/** The address of its origin. */
	readonly remote: string;
	readonly branch?: string;
};

/** The files of an app, and where they were read. */
export type AppFiles = Pick<FoundApp, 'branch' | 'folder' | 'isRead'> & {
	readonly tree: Tree;
	/** Where the box shall read it, if not at the address that was asked about. */
	readonly repository?: string;
};

/** The clone that a person stands in; undefined where they stand in none, or in one without an origin. */
export function cloneHere(folder = process.cwd()): OwnClone | undefined {
	const {top, remote, branch} = readGitFolder(realpathSync(folder)) ?? {};
	if (top === undefined || remote === undefined) return undefined;
	const inside = relative(top, realpathSync(folder)).replaceAll(sep, '/');
	return {folder: top, inside, remote, ...(branch !== undefined && {branch})};
}

/**
 * Reads an app's files at its address, with the person's own git; what can't be read there is read in the folder where they stand, where
 * that is a clone of it. What a practice box would clone lies on this machine. The origin of a clone is often an address for ssh: where anybody
 * may read it over https, the box does, and needs no key.
 * @throws Trouble where neither can be read
 */
export async function readApp(
	address: string,
	branch: string | undefined,
	here: OwnClone | undefined,
	signal?: AbortSignal,
): Promise<AppFiles> {
	const own = here && isOrigin(here, address) ? here : undefined;
	const local = localRepository(address);
	const asking = own && local === undefined ? publicAddress(address, signal) : undefined;
	const ofBox = async () => {
		const repository = await asking;
		return repository === undefined ? {} : {repository};
	};
	try {
		const read = await readRepository({address: local ?? address, branch}, signal);
		return {...read, isRead: 'at the address', ...(own && {folder: own.folder}), ...(await ofBox())};
	} catch (error) {
		if (!own || signal?.aborted || (branch !== undefined && branch !== own.branch)) throw error;
		return {...readClone(own), ...(await ofBox())};
	}
}

/** Whether a clone is of the repository at an address: its origin, or the same over https. */
function isOrigin({remote}: OwnClone, address: string): boolean {
	return remote === address || overHttps(remote) === address;
}

/** Where in the clone of this repository a person stands, as it is said of the app; nothing where they stand elsewhere. */
export function standingIn(here: OwnClone | undefined, repository: string): {readonly standing?: string} {
	return here && isOrigin(here, repository) && here.inside !== '' ? {standing: here.inside} : {};
}

/** The files as they lie in a person's clone. @throws Trouble */
export function readClone({folder, branch}: Pick<OwnClone, 'folder' | 'branch'>): AppFiles {
	return {tree: readFolder(folder), folder, isRead: 'in the folder', ...(branch !== undefined && {branch})};
}
