import {type Answers, missingSecrets, resolve} from '../../answers/answers.ts';
import {generateSecret} from '../../answers/generate.ts';
import type {StepList} from '../../contract/kind.ts';
import {Secret} from '../../contract/secret.ts';
import type {Probe, Step} from '../../contract/step.ts';
import {qualified} from '../../contract/step-id.ts';
import type {Problem} from '../../contract/ui/events.ts';
import type {Vault} from '../../state/vault.ts';

export type Completion = {
	readonly answers: Answers;
	readonly problems: readonly Problem[];
	/** Names of the secrets that were made up. */
	readonly generated: readonly string[];
};

/**
 * The answers that steps run with: what was given, defaults, and secrets from the vault, from the box, or newly made
 * (and put into the vault). Nothing is made while problems are left.
 */
export async function complete(
	list: StepList,
	given: Answers,
	vault: Pick<Vault, 'get' | 'set'>,
	$: Probe,
): Promise<Completion> {
	const {steps, defaults} = list;
	const known = resolve(steps, defaults, given).answers;
	const found: Record<string, unknown> = {};
	await Promise.all(
		missingSecrets(steps, defaults, given).map(async option => {
			const secret =
				(await vault.get(secretName(steps, option.name))) ?? (await recall($, option.meta.recall?.(known)));
			if (secret) found[option.name] = secret;
		}),
	);
	const {answers, problems, generated} = resolve(steps, defaults, {...given, ...found});
	if (problems.length === 0) {
		for (const name of generated) {
			const secret = answers[name];
			if (secret instanceof Secret) await vault.set(secretName(steps, name), secret);
		}
	}

	return {answers, problems, generated};
}

/**
 * The same for who only looks. A secret that neither vault nor box has is made up for the while, as one that is generated:
 * whatever should hold it is seen to differ, and no step finds a gap in its place.
 */
export async function completeToLook(list: StepList, given: Answers, vault: Vault, $: Probe): Promise<Completion> {
	const {answers, problems, generated} = await complete(list, given, readOnly(vault), $);
	const missing = missingSecrets(list.steps, list.defaults, given).map(({name}) => name);
	const isMissing = ({option}: Problem) => missing.includes(option);
	const madeUp = problems.filter(isMissing).map(({option}) => option);
	return {
		answers: {...answers, ...Object.fromEntries(madeUp.map(name => [name, generateSecret(32)]))},
		problems: problems.filter(problem => !isMissing(problem)),
		generated: [...generated, ...madeUp],
	};
}

/** What the vault calls a secret answer: that of an app has the app's name before it. */
export function secretName(steps: readonly Step[], option: string): string {
	return qualified(steps.find(step => option in step.options.shape)?.app, option);
}

/** A vault for who only looks: what is made up is kept nowhere. */
export function readOnly(vault: Vault): Pick<Vault, 'get' | 'set'> {
	return {get: name => vault.get(name), set: async () => {}};
}

async function recall($: Probe, command: string | undefined): Promise<Secret | undefined> {
	if (command === undefined) return undefined;
	const text = await $(Object.assign([command], {raw: [command]}));
	return text === '' ? undefined : new Secret(text);
}
