import {type Token, written} from '../../reading/tokens.ts';
import {type Operation, unread} from '../operation.ts';

/** Code that can't be read for sure, in its own words. */
export function unreadCode(tokens: readonly Token[]): Operation {
	return unread(written(tokens.slice(0, 40)).replaceAll(/ ?([().,[\]{}:]) ?/g, '$1'));
}
