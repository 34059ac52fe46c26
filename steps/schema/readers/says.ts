import {is, type Token, written} from '../../reading/tokens.ts';
import {type Operation, unread} from '../operation.ts';

/** Code that can't be read for sure, in its own words. */
export function unreadCode(tokens: readonly Token[]): Operation {
	return unread(written(tokens.slice(0, 40)).replaceAll(/ ?([().,[\]{}:]) ?/g, '$1'));
}

/** Whether a value is one of several, by a condition: it may be none. */
export function isChosen(tokens: readonly Token[]): boolean {
	return tokens.some(token => ['if', 'or', 'and', '?', '||', '&&', '??'].some(word => is(token, word)));
}

/** Whether a value is one that a database can know: a text, a number, a call, and no name that may stand for nothing. */
export function isSaid(tokens: readonly Token[]): boolean {
	const [first] = tokens;
	const isName = tokens.length === 1 && first?.type === 'name' && !/^(?:true|false|:\w+)$/.test(first.text);
	return tokens.length > 0 && !isName && !isChosen(tokens);
}
