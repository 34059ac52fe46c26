import type {Catalogue} from '../../../contract/kind.ts';
import {receipt as receiptText} from '../../../engine/receipt.ts';
import {writeWhole} from '../../../state/atomic-write.ts';
import type {JournalState} from '../../../state/journal-state.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {kindNamed} from '../../given/kinds.ts';
import {setupFor} from '../../plans/app-setups.ts';
import {planOf, resumable, wholePlan} from '../../plans/setup-plan.ts';
import {placeOf} from '../../target/named-box.ts';
import {note, print} from '../../terminal/output.ts';

/** Writes what was done to a box and its apps, or for one of them, as Markdown. Needs no connection: the box may be gone. */
export async function receipt(
	named: string | undefined,
	which: string | undefined,
	options: {readonly output?: string},
): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const {host, app} = placeOf(named, which);
	const text = receiptOf(catalogue, knownState(host), app);
	if (options.output === undefined) return print(text);
	writeWhole(options.output, text);
	note(`Written to ${options.output}.`);
}

/** What was done to a box and all its apps, or for one of them, as Markdown. */
export function receiptOf(catalogue: Catalogue, state: JournalState, app: string | undefined): string {
	if (app !== undefined) return receiptText(state, planOf(catalogue, setupFor(catalogue, state, app, {}), state), app);
	const nothing = {kind: kindNamed(catalogue, undefined).name, answers: {}, leftOut: []};
	return receiptText(state, wholePlan(catalogue, resumable(state, catalogue, {}) ?? nothing, state));
}
