import type {Version} from './step.ts';

export type Commit = Version & {readonly author: string};

/** A package in a lock or requirements file, before and after: '' where it was not, or is no more. */
export type PackageChange = {
	readonly name: string;
	readonly before: string;
	readonly now: string;
};

/** `where` is where it is read: 'config.py:12'. */
export type NewVariable = {readonly name: string; readonly where: string};

/** A version that a deploy would bring, and what of it is new beside the one that is live. Texts of the repository, cleaned and cut. */
export type Coming = {
	readonly version: Version;
	readonly live?: Version;
	/** How many commits are new, and how many of those that are live are not in it: it goes back, or its history was rewritten. */
	readonly commits: number;
	readonly dropped: number;
	/** The newest of the new ones. */
	readonly newest: readonly Commit[];
	/** Files of migrations that are new. */
	readonly migrations: readonly string[];
	/** Files that say what the app stands on, as far as they differ. */
	readonly dependencyFiles: readonly string[];
	readonly packages: readonly PackageChange[];
	/** Variables that its code reads and the live one's does not, and that have no value: those that it fails without, and others; `unread` says why nobody could look. */
	readonly variables?: {
		readonly required: readonly NewVariable[];
		readonly optional: readonly NewVariable[];
		readonly unread?: string;
	};
	/** Why the two could not be compared, where they could not: the rest is empty then. */
	readonly unknown?: string;
};
