import type {Secret} from './secret.ts';

/** A variable of an app's .env file. */
export type Setting = {readonly name: string; readonly value: Secret};

/** What an app finds in its environment. */
export type AppSettings = {
	/** The file on the box. */
	readonly file: string;
	/** Written by boxwizard from the answers of the set-up: they are changed there. */
	readonly own: readonly Setting[];
	/** The person's own. */
	readonly further: readonly Setting[];
	/** A variable as a .env has it, quoted or not; undefined where a text is none, or more than one. Pure. */
	read(text: string): {readonly name: string; readonly value: string} | undefined;
	/** What is wrong with a variable of the person's own, in words; undefined when nothing is. Pure: called at every key. */
	problem(name: string, value: string): string | undefined;
};
