import {Secret} from '../contract/secret.ts';
import {asTrouble, Trouble} from '../contract/trouble.ts';
import {cleanText} from './clean.ts';

type Call = (...given: unknown[]) => unknown;

/**
 * A value with every text in it cleaned (see `cleanText`), at any depth: in lists, plain objects and Troubles, and in what
 * functions, promises and async generators give. What goes the other way, into functions, is left alone, and so are Secrets;
 * what needs no cleaning stays the very same value.
 */
export function cleanValue<Value>(value: Value): Value {
	return cleaned(value) as Value;
}

function cleaned(value: unknown): unknown {
	if (typeof value === 'string') return cleanText(value);
	if (typeof value === 'function') return cleanCall(value as Call);
	if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
	if (Array.isArray(value)) return sameOr(value, value.map(cleaned));
	if (value instanceof Trouble) return cleanTrouble(value);
	if (value instanceof Promise) return value.then(cleaned, fail);
	if (Symbol.asyncIterator in value) return cleanEvents(value as AsyncGenerator);
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype !== Object.prototype && prototype !== null) return value;
	return sameOr(
		value,
		Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanText(name), cleaned(item)])),
	);
}

/** The value itself where cleaning has changed nothing: whoever compares by identity sees no change either. */
function sameOr(before: object, after: object): object {
	const [old, fresh] = [Object.entries(before), Object.entries(after)];
	return old.every(([name, item], index) => fresh[index]?.[0] === name && fresh[index]?.[1] === item) ? before : after;
}

const calls = new WeakMap<Call, Call>();

/** What a function answers. A function that is handed to it is called back with texts from the same side. */
function cleanCall(call: Call): Call {
	const known = calls.get(call);
	if (known) return known;
	const clean: Call = (...given) => {
		try {
			return cleaned(call(...given.map(cleanCallback)));
		} catch (error) {
			return fail(error);
		}
	};
	calls.set(call, clean);
	calls.set(clean, clean);
	return clean;
}

function cleanCallback(value: unknown): unknown {
	return typeof value === 'function' ? (...given: unknown[]) => (value as Call)(...given.map(cleaned)) : value;
}

function cleanTrouble(trouble: Trouble): Trouble {
	return new Trouble(cleanValue(trouble.toJSON()), trouble.cause);
}

function fail(error: unknown): never {
	throw cleanTrouble(asTrouble(error));
}

async function* cleanEvents(events: AsyncGenerator): AsyncGenerator {
	try {
		let step = await events.next();
		while (!step.done) step = await events.next(yield cleaned(step.value));
		return cleaned(step.value);
	} catch (error) {
		fail(error);
	} finally {
		await events.return(undefined);
	}
}
