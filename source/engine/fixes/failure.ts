import type {Line} from '../../contract/diagnosis/cause.ts';
import type {Step} from '../../contract/step.ts';
import type {Trouble, TroubleParts} from '../../contract/trouble.ts';
import type {Event, Reply} from '../../contract/ui/events.ts';
import type {Finding} from '../../contract/ui/troubleshooting.ts';
import {answersOf, type Run} from '../run/run.ts';
import {diagnose} from './diagnose.ts';
import {type AnyFix, offersFor} from './offers.ts';

/** A failure of a step, told by its cause where that is known. */
export type Failure = {
	readonly trouble: TroubleParts;
	readonly findings: readonly Finding[];
	/** By id: what a reply may name. */
	readonly fixes: ReadonlyMap<string, AnyFix>;
};

/** Lines of a step's output that are looked through: an app says what is wrong with it at the end. */
const mostHeard = 400;

/** Passes events on, and keeps the last lines of output among them. */
export async function* listening<Value>(
	events: AsyncGenerator<Event, Value, Reply>,
	heard: string[],
): AsyncGenerator<Event, Value, Reply> {
	for (let next = await events.next(); ; ) {
		if (next.done) return next.value;
		if (next.value.type === 'output') heard.push(next.value.line);
		if (heard.length > mostHeard) heard.shift();
		next = await events.next(yield next.value);
	}
}

/**
 * What a failure means. What the programs of the step have said is matched against the causes that are known: it is told
 * by the likeliest, with the fixes that have something to do. A look that fails leaves it as it is.
 * @param heard lines of the step's output; the evidence of the trouble is heard too
 */
export async function* explained(
	run: Run,
	step: Step,
	trouble: Trouble,
	heard: readonly string[] = [],
): AsyncGenerator<Event, Failure, Reply> {
	const plain: Failure = {trouble: trouble.toJSON(), findings: [], fixes: new Map()};
	const {causes = [], appOnBox: appOf} = run.plan;
	if (!appOf || causes.length === 0 || trouble.elsewhere) return plain;
	const said = [...heard.filter(text => !text.startsWith('$ ')), ...trouble.evidence];
	const lines = said.map((text): Line => ({from: 'output', text}));
	try {
		return yield* run.work.steadily(async () => {
			const app = await appOf(run.work.probe, answersOf(run, step));
			const {findings, fixes} = await offersFor(run, diagnose(lines, causes, app), app, true);
			const [first] = findings;
			return first ? {trouble: toldBy(first, plain.trouble), findings, fixes} : plain;
		});
	} catch {
		// The door itself may be what is wrong: then the failure is all there is to tell, and it must not be lost.
		return plain;
	}
}

function toldBy({title, means, next}: Finding, trouble: TroubleParts): TroubleParts {
	return {...trouble, what: title, means: `${trouble.what} ${means} ${trouble.means}`, next};
}
