import type {Drop} from '../step.ts';
import type {StepSummary} from './events.ts';
import type {Field} from './field.ts';

/** Answers by option name; secrets as Secret values. */
export type Answers = Readonly<Record<string, unknown>>;

/** What is to be done to the opened box. */
export type Setup = {
	/** The kind of the app in hand: 'python'. */
	readonly kind: string;
	/** Of the box and of the app in hand; its name is the answer “app”. */
	readonly answers: Answers;
	/** Ids of the steps the person left out. */
	readonly leftOut: readonly string[];
	/** The app in hand is one more: no other app of the box has its name or its domain. */
	readonly isNew?: true;
};

export type KindSummary = {readonly name: string; readonly title: string; readonly description: string};

/** A step of the plan with the form that its options make. */
export type StepForm = {
	readonly summary: StepSummary;
	/** It is a step of an app, and not of the box. */
	readonly ofApp?: true;
	/** It is the box's own, and the box has it: a new app asks nothing about it. */
	readonly settled?: true;
	/** Those the answers so far call for. Equal names in different steps are one answer. */
	readonly fields: readonly Field[];
	/** Whether the answers call for the step at all. */
	readonly wanted: boolean;
	/** Seconds it took earlier, here or (as an estimate) elsewhere. */
	readonly seconds?: number;
	/** What undo can't bring back. */
	readonly notUndone?: string;
	/** What undo, as things stand, would drop: only where its name is among the confirmed ones. */
	readonly drops?: Drop;
	/** Whether there is anything to undo: it was applied from here. */
	readonly undoable?: boolean;
};

/** A set-up that was begun on this box before. */
export type Resumable = Setup & {
	/** The title of its kind. */
	readonly title: string;
	readonly done: number;
	readonly total: number;
	/** The title of the step it stopped at; undefined when all of it was done. */
	readonly stoppedAt?: string;
	/** A job of it still runs on the box. */
	readonly running: boolean;
};
