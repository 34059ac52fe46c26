import {z} from 'zod';
import type {OptionShape} from '../option.ts';
import type {Step} from '../step.ts';

/**
 * One way to put something right, on one key. It is brought about as any step is (see engine/run/run-step.ts): shown before it runs,
 * journaled, and to be taken back with `boxwizard undo HOST ID`.
 */
export type Fix = {
	/** The id of a step of the plan, or 'fix/…' for one made on the spot. */
	readonly id: string;
	/** On the key: 'Install the package redis'. At most 40 characters. */
	readonly title: string;
	/** One or two sentences: why this helps, and what it interrupts. */
	readonly why: string;
	/** Its `check` finds out whether it is needed still; its `done` must hold once it was applied. */
	readonly step: Step;
};

/** A step of the plan as a fix: what the set-up did is done again. */
export function fixByStep(step: Step, title: string, why = step.why): Fix {
	return {id: step.id, title, why, step};
}

/** What a fix that is no step must say. Facts are JSON without secrets: the first ones are journaled for its undo. */
export type FixParts<Facts> = Pick<
	Step<OptionShape, Facts>,
	'check' | 'done' | 'apply' | 'undo' | 'notUndone' | 'verify' | 'explain'
> & {
	/** What is put right, after 'fix/': 'package-redis'. Small letters, digits, hyphens. */
	readonly name: string;
	readonly title: string;
	readonly why: string;
};

/** A fix made on the spot. Its undo is journaled as operations: it can be taken back when its cause is long forgotten. */
export function fixOf<Facts>({name, title, why, ...step}: FixParts<Facts>): Fix {
	const id = `fix/${name}`;
	return {id, title, why, step: {...step, id, title, why, options: z.object({})} as Step};
}
