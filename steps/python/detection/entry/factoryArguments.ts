import {assignment, headersOf, isClass, isFunction} from '../../../reading/python.ts';
import {callsIn, is, textOf} from '../../../reading/tokens.ts';
import type {Entry, PythonFile} from '../project.ts';

/**
 * What a factory could be called with on a box, as Python has it: '"production"', '"config.ProductionConfig"'; undefined where its code does
 * not tell. Flask's own pattern (“Application Factories”): the argument names a class of settings, or the key of one.
 */
export function productionArgument(entry: Entry, files: readonly PythonFile[]): string | undefined {
	const [parameter, ...more] = entry.lacks ?? [];
	const file = files.find(({path}) => path === entry.file);
	const header = file?.statements.find(statement => isFunction(statement) && statement.line === entry.line);
	if (!file || !header || parameter === undefined || more.length > 0) return undefined;
	const body = file.statements.filter(statement => headersOf(statement).includes(header));
	const uses = body.flatMap(({tokens}) =>
		tokens.flatMap((token, at) => (is(token, parameter) && !is(tokens[at - 1], '.') ? [{tokens, at}] : [])),
	);
	const keys = uses.filter(({tokens, at}) => is(tokens[at - 1], '[') && is(tokens[at + 1], ']'));
	if (keys.length > 0 && keys.length === uses.length) {
		const [{tokens, at}] = keys as [(typeof keys)[0]];
		const key = keyIn(tokens[at - 2]?.text ?? '', files);
		return key && `"${key}"`;
	}

	const isObject = body.some(({tokens}) =>
		callsIn(tokens).some(
			({name, positional}) =>
				name.endsWith('.from_object') && positional[0]?.length === 1 && is(positional[0][0], parameter),
		),
	);
	const settings = isObject && uses.length === 1 ? settingsClass(files) : undefined;
	return settings && `"${settings}"`;
}

/** `config = {"development": …, "production": …}`: the key for a box. */
function keyIn(name: string, files: readonly PythonFile[]): string | undefined {
	const tables = files.flatMap(({statements}) =>
		statements.flatMap(statement => {
			const set = assignment(statement);
			return set?.name === name ? [set.value] : [];
		}),
	);
	const keys = tables.flatMap(value =>
		value.flatMap((token, at) => (is(value[at + 1], ':') ? [textOf([token]) ?? ''] : [])),
	);
	return ['production', 'prod', 'default'].find(key => keys.includes(key));
}

function settingsClass(files: readonly PythonFile[]): string | undefined {
	const classes = files
		.filter(({path}) => /(?:^|\/)(?:config|settings|configuration|conf)(?:\/__init__)?\.py$/.test(path))
		.flatMap(({module, statements}) =>
			statements.flatMap(statement => (isClass(statement) ? [{name: statement.tokens[1]?.text ?? '', module}] : [])),
		);
	const found = classes.find(({name}) => /^Prod/.test(name)) ?? classes.find(({name}) => name === 'Config');
	return found && `${found.module}.${found.name}`;
}
