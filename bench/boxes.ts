import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {planOf, secretsOf, withSetup} from '../source/cli/plans/setup-plan.ts';
import type {PracticeStart} from '../source/cli/wizard/joined-wizard.ts';
import {meansOfBox} from '../source/cli/wizard/practice-answers.ts';
import {secretName} from '../source/engine/run/complete.ts';
import {type PracticeBox, startPracticeBox} from '../source/practice/index.ts';
import {openJournal} from '../source/state/journal.ts';
import {openVault} from '../source/state/vault.ts';
import {catalogue} from '../steps/index.ts';

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

/** What the repository of practice says of its app: given, so that all boxes are the same. */
const appAnswers = {database: 'mysql', queue: 'microblog-tasks'};

/** A fresh box. @param home the benchmark's folder, with the program and its journals */
export async function freshBox(name: string, home: string): Promise<BenchBox> {
	const box = await startPracticeBox({name});
	const means = await meansOfBox(box);
	const start = {...means, answers: {...means.answers, ...appAnswers}};
	const {identity = '', vaultFile = ''} = start.connection;
	const vault = await openVault(box.address, box.port, {file: vaultFile});
	const setup = {kind: start.kind, answers: start.answers, leftOut: []};
	const {steps} = planOf(catalogue, setup);
	for (const [option, secret] of secretsOf(start.answers)) await vault.set(secretName(steps, option), secret);
	const journal = openJournal(box.address, box.port, join(home, 'hosts'));
	journal.update(state => ({...withSetup(catalogue, state, setup), practice: name}));
	const knownHosts = join(home, `known_hosts-${name}`);
	writeFileSync(knownHosts, `${box.address} ${await box.console('cat /etc/ssh/ssh_host_ed25519_key.pub')}`);
	const ssh = ['-i', identity, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes'];
	return {box, start, program: installedProgram(home), env: {BOXWIZARD_HOME: home}, ssh, identity, knownHosts};
}

/** A secret that the set-up made for a box or its app. */
export async function secretOf(bench: BenchBox, option: string): Promise<string> {
	const {box, start} = bench;
	const {vaultFile = ''} = start.connection;
	const vault = await openVault(box.address, box.port, {file: vaultFile});
	return (await vault.get(keptAs(bench, option)))?.reveal() ?? '';
}

/** What the vault calls a secret: one of the app has the app's name before it. */
export function keptAs({start}: BenchBox, option: string): string {
	const {steps} = planOf(catalogue, {kind: start.kind, answers: start.answers, leftOut: []});
	return secretName(steps, option);
}

/** The words of an answer. */
export function answerOf({start}: BenchBox, option: string): string {
	return String(start.answers[option] ?? '');
}

/** What stands in a file of the benchmark. */
export function byHand(name: string): string {
	return readFileSync(join(import.meta.dirname, 'by-hand', name), 'utf8');
}
