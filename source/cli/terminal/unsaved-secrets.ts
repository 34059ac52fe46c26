import {missingSecrets, optionsOf} from '../../answers/answers.ts';
import type {Secret} from '../../contract/secret.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import type {Plan} from '../../engine/engine.ts';
import {secretName} from '../../engine/run/complete.ts';
import type {Vault} from '../../state/vault.ts';
import {note} from './output.ts';

/** A secret that was made and that nothing keeps: neither a keychain nor, readable, the box. */
export type UnsavedSecret = {readonly title: string; readonly secret: Secret};

/** The secrets of a run that are gone with this process. */
export async function findUnsavedSecrets(plan: Plan, setup: Setup, vault: Vault): Promise<readonly UnsavedSecret[]> {
	if (vault.where !== 'memory') return [];
	const options = optionsOf(plan.steps).filter(({kind, meta, name}) => {
		return kind === 'secret' && meta.generate !== undefined && !meta.recall && setup.answers[name] === undefined;
	});
	const found = await Promise.all(
		options.map(async ({name, title}) => {
			const secret = await vault.get(secretName(plan.steps, name));
			return secret ? [{title, secret}] : [];
		}),
	);
	return found.flat();
}

/**
 * Refuses a run that would make a secret which nobody sees and nothing keeps: sudo's password would be lost, and with
 * it the way to root.
 * @throws Trouble naming the ways out
 */
export async function refuseUnsavedSecrets(plan: Plan, setup: Setup, vault: Vault): Promise<void> {
	if (vault.where !== 'memory' || process.stderr.isTTY) return;
	const steps = plan.steps.filter(({id}) => !setup.leftOut.includes(id));
	const made = missingSecrets(steps, plan.defaults, plan.answers).filter(({meta}) => meta.generate && !meta.recall);
	const known = await Promise.all(made.map(({name}) => vault.get(secretName(plan.steps, name))));
	const lost = made.filter((_, index) => known[index] === undefined);
	const [first] = lost;
	if (!first) return;
	throw new Trouble({
		what: `Nothing here would keep ${lost.map(({title}) => `“${title}”`).join(' and ')}.`,
		means: 'No system keychain answers, and there is no terminal to show a new password on. Nothing was done.',
		next: `Give it: --secret ${first.name}=FILE. Or run it in a terminal, where it is shown once${first.name === 'sudoPassword' ? '; or do without: --set sudo=passwordless' : ''}.`,
		evidence: lost.map(({name}) => name),
		code: 'nowhere-to-keep',
	});
}

/** Shows them once, to a person only: stderr that is no terminal is a log. */
export function showUnsavedSecrets(secrets: readonly UnsavedSecret[]): void {
	if (secrets.length === 0 || !process.stderr.isTTY) return;
	note('\nNo system keychain answers here. Note these now; they are not shown again:');
	for (const {title, secret} of secrets) note(`  ${title}: ${secret.reveal()}`);
}
