import {optionsOf} from '../../answers/answers.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {Secret} from '../../contract/secret.ts';
import {qualified} from '../../contract/step-id.ts';
import type {Session} from '../../engine/session.ts';
import type {Vault} from '../../state/vault.ts';
import {boxOptions} from '../plans/derived.ts';
import {secretNames} from '../plans/setup-plan.ts';

/** The secrets that the vault holds of the box and of one of its apps, by the names of their options. */
export async function keptSecrets(
	vault: Vault,
	catalogue: Catalogue,
	app: string | undefined,
): Promise<Record<string, Secret>> {
	const ofBox = boxOptions(catalogue);
	const kept = await Promise.all(
		secretNames(catalogue).map(async name => {
			const secret = await vault.get(ofBox.has(name) ? name : qualified(app, name));
			return secret ? [[name, secret] as const] : [];
		}),
	);
	return Object.fromEntries(kept.flat());
}

/** What the vault calls the secrets that it holds of the box and of these apps; undefined is one without a name yet. */
export async function heldSecrets(
	vault: Vault,
	catalogue: Catalogue,
	apps: readonly (string | undefined)[],
): Promise<ReadonlySet<string>> {
	const ofBox = boxOptions(catalogue);
	const held = await Promise.all(
		apps.map(async app => {
			const names = Object.keys(await keptSecrets(vault, catalogue, app));
			return names.map(name => (ofBox.has(name) ? name : qualified(app, name)));
		}),
	);
	return new Set(held.flat());
}

/** Gives the secrets that version 1 of the journal knew no app for the name of the app that they are of. */
export async function moveSecrets({journal, vault}: Session, catalogue: Catalogue): Promise<void> {
	const {unmoved} = journal.read();
	if (unmoved?.app === undefined) return;
	const {app, ...rest} = unmoved;
	const own = catalogue.kinds.flatMap(({steps}) => optionsOf(steps)).filter(({kind}) => kind === 'secret');
	const ofBox = boxOptions(catalogue);
	for (const name of new Set(own.map(option => option.name))) {
		const secret = ofBox.has(name) ? undefined : await vault.get(name);
		if (!secret) continue;
		await vault.set(qualified(app, name), secret);
		await vault.remove(name);
	}

	journal.update(state => ({...state, unmoved: rest}));
}
