import {z} from 'zod';
import type {Answers} from '../../answers/answers.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import {Secret} from '../../contract/secret.ts';
import type {Hand, Step} from '../../contract/step.ts';
import {type Operation, record} from '../../remote/recorder.ts';
import type {Journal} from '../../state/journal.ts';
import {type FixRecord, type JournalState, type Json, withSection} from '../../state/journal-state.ts';

/**
 * Keeps what a fix does and what takes it back, before it is applied. The first undo stays: a second try must not take a
 * half-done state for the original.
 */
export function journalFix(journal: Journal, {id, title, why, step}: Fix, facts: unknown, answers: Answers): void {
	const operations = step.undo ? record(hand => step.undo?.(hand, facts, {} as never)) : [];
	if (operations.some(holdsSecret)) throw new TypeError(`The undo of ${id} holds a secret: the journal must not`);
	const {notUndone} = step;
	const fresh: FixRecord = {title, why, ...(notUndone && {notUndone}), undo: operations as unknown as Json[]};
	const done = touches(step, facts, answers);
	journal.update(state => {
		return withSection(state, undefined, section => {
			const before = section.fixes?.[id] ?? fresh;
			return {...section, fixes: {...section.fixes, [id]: {...before, done: joined(before.done ?? [], done)}}};
		});
	});
}

/** What a step is about to do, secrets masked; one that can't be recorded fails when it is applied, and is told there. */
function touches(step: Step, facts: unknown, answers: Answers): Json[] {
	try {
		return JSON.parse(JSON.stringify(record(hand => step.apply(hand, facts, answers as never)))) as Json[];
	} catch {
		return [];
	}
}

/** What a fix did each time it was made; what it did again is told once, as the latest. */
function joined(before: readonly Json[], now: readonly Json[]): Json[] {
	const again = new Set(now.map(operation => JSON.stringify(operation)));
	return [...before.filter(operation => !again.has(JSON.stringify(operation))), ...now];
}

export function forgetFix(journal: Journal, id: string): void {
	if (journal.read().box.fixes?.[id] === undefined) return;
	journal.update(state =>
		withSection(state, undefined, ({fixes: {[id]: _gone, ...fixes} = {}, ...section}) => ({...section, fixes})),
	);
}

/** The fixes of the journal as steps that can be taken back; nothing else is asked of them. */
export function keptFixes({box: {fixes = {}}}: JournalState): Step[] {
	return Object.entries(fixes).map(([id, {title, why, undo}]) => {
		const operations = undo as unknown as readonly Operation[];
		return {
			id,
			title,
			why,
			options: z.object({}),
			check: async () => null,
			done: () => true,
			apply: () => undefined,
			...(operations.length > 0 && {undo: ($: Hand) => replay($, operations)}),
		};
	});
}

function holdsSecret(operation: Operation): boolean {
	return Object.values(operation).some(value => value instanceof Secret);
}

/** Says to a hand what was once said to another. */
function replay($: Hand, operations: readonly Operation[]): void {
	for (const operation of operations) replayOne($, operation);
}

function replayOne($: Hand, operation: Operation): void {
	switch (operation.kind) {
		case 'run': {
			const words = Object.assign([operation.command], {raw: [operation.command]});
			if (operation.minutes !== undefined) $.within(operation.minutes)(words);
			else if (operation.input === undefined) $(words);
			else $.input(operation.input)(words);
			break;
		}
		case 'file':
			$.file(operation.path, operation.content, operation);
			break;
		case 'folder':
			$.folder(operation.path, operation);
			break;
		case 'line':
			$.line(operation.path, operation.line, operation.replacing);
			break;
		case 'link':
			$.link(operation.path, operation.target);
			break;
		case 'remove':
			$.remove(operation.path);
			break;
		case 'backup':
			$.backup(operation.path);
			break;
		case 'restore':
			$.restore(operation.path);
			break;
		case 'packages':
			$.packages(operation.names);
			break;
		case 'upgrade':
			$.upgrade();
			break;
		case 'removePackages':
			$.removePackages(operation.of);
			break;
		case 'service':
			$.service(operation.unit, operation.action);
			break;
		case 'handOver':
			$.handOver(operation.unit, operation.others, operation.how);
			break;
		case 'handBack':
			$.handBack(operation.unit, operation.others);
			break;
		case 'records':
			$.records(operation.server, operation.records, operation.action);
			break;
		default:
			operation satisfies never;
	}
}
