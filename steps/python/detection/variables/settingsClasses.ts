import {assignment, headersOf, isClass, type Statement} from '../../../reading/python.ts';
import {callsIn, is, type Token, textOf} from '../../../reading/tokens.ts';
import type {Reading} from '../../../reading/variables.ts';
import {originOf, type PythonFile} from '../project.ts';
import {defaultOf} from './defaults.ts';
/** class Settings(BaseSettings): each field is a variable, named with env_prefix, alias or env. */
export function settingsClasses(file: PythonFile): Reading[] {
	const classes = file.statements.filter(isClass);
	const isSettings = (header: Statement): boolean => {
		const bases = callsIn(header.tokens)[0]?.positional.map(part => part.map(({text}) => text).join('')) ?? [];
		return bases.some(
			base =>
				/^(?:pydantic|pydantic_settings)\.(?:\w+\.)*BaseSettings$/.test(originOf(file, base)) ||
				/(?:^|\.)(?:Base|App|Common)\w*Settings$/.test(base) ||
				classes.some(other => other !== header && other.tokens[1]?.text === base && isSettings(other)),
		);
	};
	return classes.filter(isSettings).flatMap(header => {
		const body = file.statements.filter(({parent}) => parent === header);
		const prefix = prefixOf(header, file);
		return body.flatMap(statement => fieldReading(statement, prefix, file));
	});
}

/** model_config = SettingsConfigDict(env_prefix='X_'), or class Config: env_prefix = 'X_'. */
function prefixOf(header: Statement, file: PythonFile): string {
	const below = file.statements.filter(statement => headersOf(statement).includes(header));
	for (const statement of below) {
		const set = assignment(statement);
		if (set?.name === 'env_prefix') return textOf(set.value) ?? '';
		if (set?.name !== 'model_config') continue;
		const given = callsIn(set.value)[0]?.named.get('env_prefix');
		const inDict = set.value.findIndex(token => token.type === 'string' && token.text === 'env_prefix');
		const prefix = textOf(given) ?? (inDict === -1 ? undefined : textOf(set.value.slice(inDict + 2, inDict + 3)));
		if (prefix !== undefined) return prefix;
	}

	return '';
}

function fieldReading(statement: Statement, prefix: string, file: PythonFile): Reading[] {
	const {tokens, line} = statement;
	const [first, second] = tokens;
	if (first?.type !== 'name' || !is(second, ':') || first.text === 'model_config' || first.text.startsWith('_'))
		return [];
	const equals = splitTop(tokens, '=');
	const annotation = tokens.slice(2, equals === -1 ? undefined : equals);
	if (annotation.some(token => is(token, 'ClassVar'))) return [];
	const value = equals === -1 ? undefined : tokens.slice(equals + 1);
	const field = [...callsIn(value ?? []), ...callsIn(annotation)].find(({name}) => /(?:^|\.)Field$/.test(name));
	const alias =
		field &&
		(textOf(field.named.get('env')) ?? textOf(field.named.get('validation_alias')) ?? textOf(field.named.get('alias')));
	const isField =
		value !== undefined &&
		callsIn(value).some(call => call === field || (call.from === 0 && /(?:^|\.)Field$/.test(call.name)));
	const given = isField ? (field?.named.get('default') ?? field?.positional[0]) : value;
	const isEllipsis = given?.length === 3 && given.every(token => is(token, '.'));
	const hasDefault = (given !== undefined && !isEllipsis) || (field?.named.has('default_factory') ?? false);
	const name = (alias ?? prefix + first.text).toUpperCase();
	// pydantic takes a list or a mapping as JSON alone.
	const isList = annotation.some(token => /^(?:list|List|set|Set|tuple|Tuple|dict|Dict|Sequence)$/.test(token.text));
	const isMadeOfOthers = given?.some(token => token.open) ?? false;
	return [
		{
			name,
			required: !hasDefault,
			where: `${file.path}:${line}`,
			...(prefix !== '' && alias === undefined && {as: first.text.toUpperCase()}),
			...((isList || isMadeOfOthers) && {keepsDefault: true as const}),
			...(hasDefault && defaultOf(given)),
		},
	];
}

function splitTop(tokens: readonly Token[], sign: string): number {
	let depth = 0;
	return tokens.findIndex(token => {
		if (token.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		else if (token.type === 'sign' && ')]}'.includes(token.text)) depth -= 1;
		return depth === 0 && is(token, sign);
	});
}
