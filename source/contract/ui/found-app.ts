import type {Detection, OpenQuestion, Remedy} from '../detection.ts';
import type {Answers} from './setup.ts';

/** What was found in a repository before anything is touched, and what that answers. All its texts are the repository's, and hostile. */
export type FoundApp = {
	/** The address that the box is to read: the one that was asked about, or of the same over https. */
	readonly repository: string;
	/** What it is called: 'microblog'. */
	readonly name: string;
	/** The branch that was read; undefined where that can't be told. */
	readonly branch?: string;
	/** How many files it has. */
	readonly files: number;
	/** The folder of the person's that has its files, where they stand in one. Absolute. */
	readonly folder?: string;
	/** Where its files were read; in the folder also where the address can't be read, or a change was just written there. */
	readonly isRead: 'at the address' | 'in the folder' | 'changed in the folder';
	/** Undefined where nothing is recognised. */
	readonly app?: Detection;
	readonly others: readonly Detection[];
	/** What is open about it. */
	readonly questions: readonly OpenQuestion[];
	/** Why it can't be set up yet, each as the rest of “it can’t be set up yet: ”. */
	readonly obstacles: readonly string[];
	/** The kind of it, where the catalogue has that. */
	readonly kind?: string;
	/** Answers by the names of options: what its files say, and over that what its own boxwizard.yml says. All fit their options. */
	readonly answers: Answers;
	/** What was done otherwise than it is asked, and what of its boxwizard.yml was not taken: a sentence each. */
	readonly notes: readonly string[];
};

/** What a person says over what an app's files say. */
export type SaidOfApp = {
	/** Its kind. */
	readonly kind?: string;
	/** By the names of `DetectedAnswers`; 'app' is the choice of which part of the repository is meant. */
	readonly set?: Readonly<Record<string, string>>;
};

/** A change of a file in a repository. */
export type FileEdit = Exclude<Remedy, {readonly type: 'answer' | 'command'}>;
