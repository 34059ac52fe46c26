import {closingOf, is, splitAt, type Token} from '../../reading/tokens.ts';

/** One part of `a.b(c).d`: its name, and its arguments where it is called. */
export type Link = {readonly name: string; readonly given?: readonly (readonly Token[])[]};

/** `a.b(c).d` from a place on, and the place after it; undefined where none begins there. */
export function chainAt(
	tokens: readonly Token[],
	at: number,
): {readonly links: Link[]; readonly end: number} | undefined {
	if (tokens[at]?.type !== 'name') return undefined;
	const links: Link[] = [];
	let end = at;
	while (tokens[end]?.type === 'name') {
		const name = tokens[end]?.text ?? '';
		end += 1;
		// `jsonb<T>()`, which JavaScript does not have, is left unread.
		if (is(tokens[end], '(')) {
			const close = closingOf(tokens, end);
			if (!is(tokens[close], ')')) return undefined;
			links.push({name, given: splitAt(tokens.slice(end + 1, close), ',')});
			end = close + 1;
		} else links.push({name});
		if (is(tokens[end], '(')) return undefined;
		if (!is(tokens[end], '.') && !is(tokens[end], '?.')) break;
		end += 1;
	}

	return {links, end};
}

/** Statements of a body that are chains, in their order; undefined where one of them is anything else. */
export function chainsIn(body: readonly Token[]): Link[][] | undefined {
	const chains: Link[][] = [];
	let at = 0;
	while (at < body.length) {
		if (is(body[at], ';') || is(body[at], 'await') || is(body[at], 'return') || is(body[at], ',')) {
			at += 1;
			continue;
		}

		const chain = chainAt(body, at);
		if (!chain) return undefined;
		const next = body[chain.end];
		// What goes on with an operator is more than a chain.
		if (next?.type === 'sign' && !is(next, ';') && !is(next, ',')) return undefined;
		chains.push(chain.links);
		at = chain.end;
	}

	return chains;
}

/** The parameters and the body of `function (t) {…}`, `t => {…}` or `(t) => …`; undefined for anything else. */
export function functionOf(
	tokens: readonly Token[],
): {readonly names: string[]; readonly body: readonly Token[]} | undefined {
	let at = is(tokens[0], 'async') ? 1 : 0;
	const isWord = is(tokens[at], 'function');
	if (isWord) at += 1;
	if (isWord && tokens[at]?.type === 'name') at += 1;
	let names: string[] = [];
	if (is(tokens[at], '(')) {
		const close = closingOf(tokens, at);
		names = splitAt(tokens.slice(at + 1, close), ',').map(part => part[0]?.text ?? '');
		at = close + 1;
	} else if (tokens[at]?.type === 'name') {
		names = [tokens[at]?.text ?? ''];
		at += 1;
	} else return undefined;
	// A type of what it gives back, in TypeScript, ends at the body.
	while (at < tokens.length && !is(tokens[at], '{') && !is(tokens[at], '=>')) at += 1;
	if (is(tokens[at], '=>')) at += 1;
	if (!is(tokens[at], '{')) return {names, body: expressionIn(tokens.slice(at))};
	return {names, body: tokens.slice(at + 1, closingOf(tokens, at))};
}

/** One expression: it ends with its statement, with the property that it is, or where the file gives out the next thing. */
function expressionIn(tokens: readonly Token[]): readonly Token[] {
	let depth = 0;
	const end = tokens.findIndex(token => {
		if (token.type !== 'sign') return depth === 0 && token.type === 'name' && /^(?:exports?|module)$/.test(token.text);
		if ('([{'.includes(token.text)) depth += 1;
		if (')]}'.includes(token.text)) depth -= 1;
		return depth < 0 || (depth === 0 && (token.text === ';' || token.text === ','));
	});
	return end === -1 ? tokens : tokens.slice(0, end);
}
