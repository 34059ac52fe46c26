import {WaitingUpdates} from '../../../steps/app/updates.ts';
import {resolve} from '../../answers/answers.ts';
import type {ForeignProgram} from '../../contract/status.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import type {Plan} from '../../engine/engine.ts';
import {sendRecords} from '../../outside/index.ts';
import {redactor} from '../../remote/explain.ts';
import {labelOf} from '../../state/journal-state.ts';
import {type BoxFlags, fromFlags} from '../given/from-flags.ts';
import {filledApps} from '../plans/derived.ts';
import {appInHand, planOf, resumable} from '../plans/setup-plan.ts';
import {askNobody} from '../terminal/ask-nobody.ts';
import {askTerminal} from '../terminal/ask-terminal.ts';
import {isTerminal, note} from '../terminal/output.ts';
import {statusOf} from '../wizard/status.ts';
import {type OpenSession, openSession} from './box-session.ts';
import {knownState} from './known-boxes.ts';
import {keptSecrets, moveSecrets} from './secrets.ts';

/** A box that this machine has set up, before it is connected to. */
export type KnownBox = {
	/** 'microblog.example.com', else the address. */
	readonly label: string;
	/** What it was set up as, with its answers completed; no steps and no answers where that is not known. */
	readonly plan: Plan;
	/** The completed answers of each of its apps, over those of the box, in the order in which they came. Without secrets. */
	readonly apps: readonly Answers[];
	readonly open: () => Promise<OpenBox>;
};

/** Opened: its session, its plan with the secrets that are kept, and what masks them. */
export type OpenBox = OpenSession & {
	readonly plan: Plan;
	readonly clean: (line: string) => string;
	/** What runs there and is not boxwizard's. One round trip. */
	readonly others: () => Promise<readonly ForeignProgram[]>;
};

/** What is known of a box by its name. @throws Trouble with the nearest name where it is not known */
export async function knownBox(host: string, flags: BoxFlags): Promise<KnownBox> {
	const state = knownState(host);
	const {catalogue, connection, answers, passwords} = await fromFlags(flags);
	const before = resumable(state, catalogue, answers);
	const empty: Plan = {name: '', steps: [], defaults: {}, answers: {}, leftOut: [], sendRecords};
	const whole = before ? planOf(catalogue, before, state) : empty;
	const plan: Plan = {...whole, answers: resolve(whole.steps, whole.defaults, whole.answers).answers};
	const asks = isTerminal() && !flags.yes && !flags.json && !flags.passwordStdin;
	return {
		label: labelOf(state),
		plan,
		apps: filledApps(catalogue, state),
		async open() {
			const say = process.stderr.isTTY && !flags.json ? note : () => undefined;
			const opened = await openSession(host, asks ? askTerminal : askNobody(passwords), connection, say);
			await moveSecrets(opened.session, catalogue);
			const secrets = await keptSecrets(opened.session.vault, catalogue, appInHand(state));
			return {
				...opened,
				plan: {...plan, answers: {...plan.answers, ...secrets}},
				clean: redactor({...secrets, ...answers}),
				others: async () => (await statusOf(catalogue, opened.session, new WaitingUpdates())).others,
			};
		},
	};
}
