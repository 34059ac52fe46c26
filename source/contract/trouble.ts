import {Disconnected} from './box.ts';

/** What a Trouble is made of: each a sentence or two in plain words. */
export type TroubleParts = {
	/** What happened. */
	readonly what: string;
	/** What it means for the person. */
	readonly means: string;
	/** What to do next. */
	readonly next: string;
	/** The lines that prove it: output, a path, a fingerprint. */
	readonly evidence?: readonly string[];
	/** A stable word for programs: 'host-key-changed', 'missing-answer'. */
	readonly code?: string;
	/** It did not happen on the box: no program there has said anything about it. */
	readonly elsewhere?: boolean;
};

/** An error for a person: what happened, what it means, what to do next. */
export class Trouble extends Error {
	readonly what: string;
	readonly means: string;
	readonly next: string;
	readonly evidence: readonly string[];
	readonly code: string;
	readonly elsewhere: boolean;

	constructor(parts: TroubleParts, cause?: unknown) {
		super(parts.what, {cause});
		this.name = 'Trouble';
		this.what = parts.what;
		this.means = parts.means;
		this.next = parts.next;
		this.evidence = parts.evidence ?? [];
		this.code = parts.code ?? 'trouble';
		this.elsewhere = parts.elsewhere ?? false;
	}

	toJSON(): TroubleParts {
		return {what: this.what, means: this.means, next: this.next, evidence: this.evidence, code: this.code};
	}
}

/** Any thrown value as a Trouble; an unforeseen one says so and keeps its message as evidence. */
export function asTrouble(error: unknown): Trouble {
	if (error instanceof Trouble) return error;
	if (error instanceof Disconnected) return connectionLost(error);
	const message = error instanceof Error ? error.message : String(error);
	return new Trouble(
		{
			what: message,
			means: 'boxwizard did not expect this. Nothing further was done.',
			next: 'Try again; if it stays, report it with the lines above.',
			code: 'unexpected',
		},
		error,
	);
}

function connectionLost(error: Disconnected): Trouble {
	return new Trouble(
		{
			what: error.message,
			means: 'What runs on the box runs on, and a change of the door that is not proven takes itself back.',
			next: 'See that this machine is online, then do the same again: it goes on from there.',
			code: 'disconnected',
			elsewhere: true,
		},
		error,
	);
}
