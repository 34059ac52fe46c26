import {cpSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {freshBox} from '../../../bench/boxes.ts';
import {Secret} from '../../../source/contract/secret.ts';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {openVault} from '../../../source/state/vault.ts';
import {saveState} from '../boxes/saved-state.ts';
import {startWizard, type Wizard} from './wizard.ts';

/** One box on which the same road is walked again and again, from the same beginning. */
export type RepeatableBox = {
	readonly box: PracticeBox;
	/** `boxwizard setup --yes --json`, or another command about this box. */
	readonly start: (command?: keyof typeof words, ...more: readonly string[]) => Wizard;
	/** Where this machine's journals of boxes lie. */
	readonly journals: string;
	/** Everything as it was on the first day: the box's disk, the domain, and what this machine remembers. */
	readonly startOver: () => Promise<void>;
	readonly remove: () => Promise<void>;
};

/** What is said with each command for nobody to be asked. */
const words = {
	setup: ['--yes'],
	add: ['--yes'],
	check: [],
	undo: ['--yes', '--confirm', 'microblog'],
	remove: ['--yes'],
} as const;

/** A fresh box with answers and secrets, as `boxwizard practice` would give them, but for the secrets: always the same. */
export async function repeatableBox(name: string): Promise<RepeatableBox> {
	const home = mkdtempSync(join(tmpdir(), 'boxwizard-kills-'));
	const {box, start} = await freshBox(name, home);
	const vault = await openVault(box.address, box.port, {file: start.connection.vaultFile ?? ''});
	// What is in files that are compared may not be made anew each time.
	for (const option of ['sudoPassword', 'secretKey', 'databasePassword']) {
		await vault.set(option, new Secret(`the-same-each-time-${option}`));
	}

	const [journals, first] = [join(home, 'hosts'), join(home, 'first')];
	cpSync(journals, first, {recursive: true});
	const back = await saveState(box);
	return {
		box,
		journals,
		start: (command = 'setup', ...more) =>
			startWizard([command, `root@${box.address}`, '--json', ...words[command], ...more], home),
		async startOver() {
			rmSync(journals, {recursive: true, force: true});
			cpSync(first, journals, {recursive: true});
			await box.updateZone([`update delete ${box.domain}.`]);
			await back();
			// As a provider's image with a new kernel: the road has a reboot in its middle.
			await box.console('touch /run/reboot-required');
		},
		async remove() {
			await box.stop();
			rmSync(home, {recursive: true, force: true});
		},
	};
}
