import {readElixir} from '../../reading/elixir.ts';
import {is, type Token} from '../../reading/tokens.ts';

/** One expression of Elixir, with what stands between its `do` and its `end`. */
export type Expression = {readonly tokens: readonly Token[]; readonly inside: readonly Expression[]};

/** Nothing that a person writes is nested deeper. */
const deepest = 50;

/** A file as expressions: each ends with its line, unless a bracket is open or an operator says that it goes on. */
export function readExpressions(text: string): Expression[] {
	type Open = {tokens: Token[]; inside: Expression[]};
	const top: Open = {tokens: [], inside: []};
	const open: Open[] = [top];
	for (const line of linesOf(readElixir(text))) {
		if (is(line[0], 'end')) {
			const closed = open.length > 1 ? open.pop() : undefined;
			if (closed) open.at(-1)?.inside.push(closed);
			// Something that goes on after `end` is not known.
			if (line.length > 1) open.at(-1)?.inside.push({tokens: line, inside: []});
		} else if (is(line.at(-1), 'do') && open.length < deepest) open.push({tokens: line.slice(0, -1), inside: []});
		else open.at(-1)?.inside.push({tokens: line, inside: []});
	}

	for (let closed = open.pop(); closed && closed !== top; closed = open.pop()) open.at(-1)?.inside.push(closed);
	return top.inside;
}

function linesOf(tokens: readonly Token[]): Token[][] {
	const lines: Token[][] = [];
	let [depth, inFunction] = [0, 0];
	let before: Token | undefined;
	let isFresh = true;
	for (const [at, token] of tokens.entries()) {
		const isInside = depth > 0 || inFunction > 0;
		const isNext = before !== undefined && token.line > before.line && !isInside && !goesOn.has(before.text);
		const isEnd = is(token, 'end') && !isInside;
		if (isFresh || isEnd || (isNext && !is(token, '|>') && !is(token, ')'))) lines.push([]);
		if (!is(token, ';')) lines.at(-1)?.push(token);
		// A block on one line is one all the same: `alter table(:posts) do add :slug, :string end`.
		const isBlock = is(token, 'do') && !is(tokens[at + 1], ':');
		isFresh = is(token, ';') || (isBlock && !isInside);
		if (is(token, 'fn') || (isBlock && isInside)) inFunction += 1;
		else if (is(token, 'end') && isInside) inFunction = Math.max(0, inFunction - 1);
		if (token.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		else if (token.type === 'sign' && ')]}'.includes(token.text)) depth = Math.max(0, depth - 1);
		before = token;
	}

	return lines.filter(line => line.length > 0);
}

const goesOn = new Set([',', '=', '|>', '->', '<-', '<>', '||', '&&', ':', '|', '+']);
