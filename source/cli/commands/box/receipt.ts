import {receipt as receiptText} from '../../../engine/receipt.ts';
import {writeWhole} from '../../../state/atomic-write.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {kindNamed} from '../../given/kinds.ts';
import {resumable, wholePlan} from '../../plans/setup-plan.ts';
import {hostOf} from '../../target/named-box.ts';
import {note, print} from '../../terminal/output.ts';

/** Writes what was done to a box and its apps, as Markdown. Needs no connection: the box may be gone. */
export async function receipt(named: string | undefined, options: {readonly output?: string}): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const state = knownState(hostOf(named));
	const nothing = {kind: kindNamed(catalogue, undefined).name, answers: {}, leftOut: []};
	const text = receiptText(state, wholePlan(catalogue, resumable(state, catalogue, {}) ?? nothing, state));
	if (options.output === undefined) return print(text);
	writeWhole(options.output, text);
	note(`Written to ${options.output}.`);
}
