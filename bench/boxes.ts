import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {meansOfBox} from '../source/cli/wizard/practice-answers.ts';
import type {PracticeStart} from '../source/cli/wizard/wizard.ts';
import {Secret} from '../source/contract/secret.ts';
import {type PracticeBox, startPracticeBox} from '../source/practice/index.ts';
import {type Json, openJournal} from '../source/state/journal.ts';
import {openVault} from '../source/state/vault.ts';

/** The program as it was installed below the benchmark's folder: what a person gets. */
export function installedProgram(folder: string): string {
	return join(folder, 'installed', 'node_modules', 'boxwizard', 'dist', 'boxwizard.js');
}

/** A practice box that this machine's boxwizard knows: its answers stand in a journal, its secrets in its vault file. */
export type BenchBox = {
	readonly box: PracticeBox;
	readonly start: PracticeStart;
	/** Path of boxwizard. */
	readonly program: string;
	/** Its environment: where its journals lie. */
	readonly env: Readonly<Record<string, string>>;
	/** Words of OpenSSH's options that open the box. */
	readonly ssh: readonly string[];
	readonly identity: string;
	readonly knownHosts: string;
};

/** A fresh box. @param home the benchmark's folder, with the program and its journals */
export async function freshBox(name: string, home: string): Promise<BenchBox> {
	const box = await startPracticeBox({name});
	const start = await meansOfBox(box);
	const {identity = '', vaultFile = ''} = start.means;
	const vault = await openVault(box.address, box.port, {file: vaultFile});
	const plain: Record<string, Json> = {};
	for (const [option, answer] of Object.entries(start.answers)) {
		if (answer instanceof Secret) await vault.set(option, answer);
		else plain[option] = answer as Json;
	}

	const journal = openJournal(box.address, box.port, join(home, 'hosts'));
	journal.update(state => ({...state, recipe: start.recipe, practice: name, answers: plain}));
	const knownHosts = join(home, `known_hosts-${name}`);
	writeFileSync(knownHosts, `${box.address} ${await box.console('cat /etc/ssh/ssh_host_ed25519_key.pub')}`);
	const ssh = ['-i', identity, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes'];
	return {box, start, program: installedProgram(home), env: {BOXWIZARD_HOME: home}, ssh, identity, knownHosts};
}

/** A secret that the set-up made for a box. */
export async function secretOf({box, start}: BenchBox, option: string): Promise<string> {
	const {vaultFile = ''} = start.means;
	const vault = await openVault(box.address, box.port, {file: vaultFile});
	return (await vault.get(option))?.reveal() ?? '';
}

/** The words of an answer. */
export function answerOf({start}: BenchBox, option: string): string {
	return String(start.answers[option] ?? '');
}

/** What stands in a file of the benchmark. */
export function byHand(name: string): string {
	return readFileSync(join(import.meta.dirname, 'by-hand', name), 'utf8');
}
