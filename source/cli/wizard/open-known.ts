import {resolve} from '../../answers/answers.ts';
import type {Recipe} from '../../contract/step.ts';
import type {Plan} from '../../engine/engine.ts';
import {sendRecords} from '../../outside/index.ts';
import {redactor} from '../../remote/explain.ts';
import {askNobody} from '../talk/ask-nobody.ts';
import {askTerminal} from '../talk/ask-terminal.ts';
import {isTerminal, note} from '../talk/terminal.ts';
import {keptSecrets, type OpenSession, openSession} from './box-session.ts';
import {type BoxFlags, begin} from './given.ts';
import {knownState} from './known-boxes.ts';
import {recipeNamed} from './recipes.ts';
import {secretNames} from './setup-plan.ts';

/** A box that this machine has set up, before it is connected to. */
export type KnownBox = {
	/** 'microblog.example.com', else the address. */
	readonly label: string;
	/** What it was set up as, with its answers completed; no steps and no answers where that is not known. */
	readonly plan: Plan;
	readonly open: () => Promise<OpenBox>;
};

/** Opened: its session, its plan with the secrets that are kept, and what masks them. */
export type OpenBox = OpenSession & {readonly plan: Plan; readonly clean: (line: string) => string};

const unknownRecipe: Recipe = {name: '', title: '', description: '', steps: [], defaults: {}};

/** What is known of a box by its name. @throws Trouble with the nearest name where it is not known */
export async function knownBox(host: string, flags: BoxFlags): Promise<KnownBox> {
	const state = knownState(host);
	const {recipes, means, answers, passwords} = await begin(flags);
	const recipe = state.recipe === undefined ? unknownRecipe : recipeNamed(recipes, state.recipe);
	const {leftOut} = state;
	const completed = resolve(recipe.steps, recipe.defaults, {...state.answers, ...answers});
	const plan: Plan = {recipe, answers: completed.answers, leftOut, sendRecords};
	const asks = isTerminal() && !flags.yes && !flags.json && !flags.passwordStdin;
	return {
		label: state.domain ?? state.host,
		plan,
		async open() {
			const say = process.stderr.isTTY && !flags.json ? note : () => undefined;
			const opened = await openSession(host, asks ? askTerminal : askNobody(passwords), means, say);
			const secrets = await keptSecrets(opened.session.vault, secretNames(recipes));
			return {
				...opened,
				plan: {...plan, answers: {...plan.answers, ...secrets}},
				clean: redactor({...secrets, ...answers}),
			};
		},
	};
}
