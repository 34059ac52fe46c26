import {decided} from '../../answers/option.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {Conflict} from '../../contract/option.ts';
import type {Probe, Step} from '../../contract/step.ts';

/** What the steps would run into on this box. Only looks; one round trip. */
export async function findConflicts($: Probe, {box, afterApps, kinds}: Catalogue): Promise<readonly Conflict[]> {
	const steps = [...box, ...kinds.flatMap(kind => kind.steps), ...afterApps];
	return (await Promise.all(steps.map(step => step.conflicts?.($) ?? []))).flat();
}

/** The steps as a box with these conflicts needs them: the options that decide them have to be answered. */
export function withConflicts(catalogue: Catalogue, conflicts: readonly Conflict[]): Catalogue {
	if (conflicts.length === 0) return catalogue;
	const decide = (steps: readonly Step[]) => steps.map(step => conflicts.reduce(deciding, step));
	return {
		box: decide(catalogue.box),
		afterApps: decide(catalogue.afterApps),
		kinds: catalogue.kinds.map(kind => ({...kind, steps: decide(kind.steps)})),
	};
}

function deciding(step: Step, conflict: Conflict): Step {
	return conflict.option in step.options.shape ? {...step, options: decided(step.options, conflict)} : step;
}
