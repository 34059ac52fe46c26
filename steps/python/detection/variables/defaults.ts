import {type Call, is, plainValue, splitAt, type Token} from '../../../reading/tokens.ts';
import {originOf, type PythonFile} from '../project.ts';
/** Of environs and django-environ the second argument is the default: env('X', 'default'). decouple's is a keyword. */
export function ofSecondArgument(call: Call, file: PythonFile): readonly Token[] | undefined {
	if (originOf(file, call.name).startsWith('decouple.')) return call.positional[1];
	const second = call.positional[1];
	const isType =
		second?.length === 1 &&
		/^(?:str|int|bool|float|list|dict|Secret|URL|DatabaseURL|CommaSeparatedStrings)$/.test(second[0]?.text ?? '') &&
		second[0]?.type === 'name';
	return isType ? call.positional[2] : second;
}

export function defaultOf(tokens: readonly Token[] | undefined): {readonly default?: string} {
	const value = plainValue(tokens);
	return value === undefined || value === 'None' || value === '' ? {} : {default: value};
}

/** What stands after `or`: os.environ.get('X') or 'default'. */
export function fallbackAfter(tokens: readonly Token[], at: number): readonly Token[] | undefined {
	let from = at;
	while (is(tokens[from], ')')) from += 1;
	if (!is(tokens[from], 'or')) return undefined;
	const rest = tokens.slice(from + 1);
	const end = rest.findIndex((token, index) => is(token, ')') && closesMore(rest.slice(0, index + 1)));
	return splitAt(end === -1 ? rest : rest.slice(0, end), ',')[0];
}

function closesMore(tokens: readonly Token[]): boolean {
	let depth = 0;
	for (const token of tokens) {
		if (token.type !== 'sign') continue;
		if ('([{'.includes(token.text)) depth += 1;
		else if (')]}'.includes(token.text)) depth -= 1;
	}

	return depth < 0;
}
