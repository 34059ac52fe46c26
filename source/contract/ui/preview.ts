import type {Concern} from '../step.ts';

/** What a step would do, as the box is now. */
export type Preview = {
	readonly step: string;
	/** 'unknown': its check needs what an earlier step has yet to bring. */
	readonly state: 'in place' | 'to do' | 'not wanted' | 'left out' | 'unknown';
	/** One line an operation, in order. */
	readonly commands: readonly string[];
	readonly files: readonly FileChange[];
	readonly packages: readonly string[];
	/** What undo can't bring back. */
	readonly notUndone?: string;
	/** What the person must answer for before anything is touched. */
	readonly concern?: Concern;
};

export type FileChange = {
	readonly path: string;
	/** Unified diff against the box; '' where the file is removed or holds a secret. */
	readonly patch: string;
	readonly added: number;
	readonly removed: number;
	readonly secret: boolean;
};
