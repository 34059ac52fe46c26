import {type Call, is, splitAt, type Token, textOf} from '../../reading/tokens.ts';
import type {Engine, Operation} from '../operation.ts';
import type {Ways} from './djangoModels.ts';
import {unreadCode} from './says.ts';
import {sqlOperations} from './sqlOperations.ts';

const says = (word: string, tokens: readonly Token[]) =>
	unreadCode([{type: 'name', text: `${word}(`, line: 0}, ...tokens, {type: 'sign', text: ')', line: 0}]);
const isNoop = (tokens: readonly Token[]) => is(tokens.at(-1), 'noop');

/** `migrations.RunSQL(sql, reverse_sql)`: without the second there is no way back. */
export function runSql(call: Call, engine: Engine): Ways {
	const given = (at: number, name: string) => call.named.get(name) ?? call.positional[at];
	const back = given(1, 'reverse_sql');
	return {
		up: sqlIn(given(0, 'sql') ?? [], engine),
		down: back && !is(back[0], 'None') ? sqlIn(back, engine) : 'its RunSQL has no reverse_sql',
	};
}

/** A text, or a list of them. */
function sqlIn(tokens: readonly Token[], engine: Engine): Operation[] {
	if (isNoop(tokens)) return [];
	const isList = is(tokens[0], '[') || (is(tokens[0], '(') && tokens.some(token => is(token, ',')));
	const parts = isList ? splitAt(tokens.slice(1, -1), ',') : [tokens];
	return parts.flatMap(part => {
		const text = textOf(is(part[0], '(') && is(part.at(-1), ')') ? part.slice(1, -1) : part);
		return text === undefined ? [says('RunSQL', part)] : sqlOperations(text, engine);
	});
}

/** `migrations.RunPython(code, reverse_code)`: what it does to rows is known only where it fills fields and does no more. */
export function runPython(call: Call, filled: (code: readonly Token[]) => Operation[] | undefined): Ways {
	const code = call.named.get('code') ?? call.positional[0] ?? [];
	const back = call.named.get('reverse_code') ?? call.positional[1];
	return {
		up: isNoop(code) ? [] : (filled(code) ?? [says('RunPython', code)]),
		down:
			!back || is(back[0], 'None')
				? 'its RunPython has no reverse_code'
				: isNoop(back)
					? []
					: [says('RunPython', back)],
	};
}
