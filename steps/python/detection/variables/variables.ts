import type {Tree} from '../../../../source/contract/detection.ts';
import {exampleReadings} from '../../../reading/dotenv-example.ts';
import {assignment, headersOf, isMain, type Statement} from '../../../reading/python.ts';
import {type Call, callsIn, closingOf, is, splitAt, type Token, textOf, textsIn} from '../../../reading/tokens.ts';
import {fillingOf, type Reading, variablesOf} from '../../../reading/variables.ts';
import {isMigration, originOf, type PythonFile} from '../project.ts';
import {defaultOf, fallbackAfter, ofSecondArgument} from './defaults.ts';
import {dottedBefore, ownReaders, type Reader, readerNames, readerOf, withEnvironNames} from './readers.ts';
import {settingsClasses} from './settingsClasses.ts';

/** Every environment variable that the app's code reads, then those that only its example files name. */
export function readVariables(tree: Tree, files: readonly PythonFile[]) {
	const readers = readerNames(files);
	const declared = declaredIn(files);
	const ofCode = files
		.filter(({path}) => !isMigration(path) || path.endsWith('env.py'))
		.flatMap(file =>
			readingsIn(withEnvironNames(file), readers).map(reading =>
				callsItProd(reading, file) ? {...reading, keepsDefault: true as const} : reading,
			),
		)
		.map(reading => (declared.has(reading.name) ? {...reading, required: false} : reading));
	return variablesOf([...ofCode, ...declared.values(), ...exampleReadings(tree)]);
}

/** Whether a mode such as ENV is 'prod' in the file that reads it: 'production' is none of its words, and most fail at those. */
function callsItProd({name}: Reading, {statements}: PythonFile): boolean {
	const says = (word: string) =>
		statements.some(({tokens}) => tokens.some(token => token.type === 'string' && token.text === word));
	return fillingOf(name) === 'mode' && !/DEBUG/.test(name) && says('prod') && !says('production');
}

/** Of django-environ: Env(DEBUG=(bool, False)) gives a variable its default, wherever it is read. */
function declaredIn(files: readonly PythonFile[]): ReadonlyMap<string, Reading> {
	const calls = files.flatMap(file =>
		file.statements.flatMap(({tokens}) =>
			callsIn(tokens)
				.filter(({name}) => /^environ\.(?:FileAware)?Env$/.test(originOf(file, name)))
				.map(call => ({file, call})),
		),
	);
	return new Map(
		calls.flatMap(({file, call}) =>
			[...call.named].flatMap(([name, value]): [string, Reading][] => {
				const [, otherwise] = splitAt(value.slice(1, -1), ',');
				if (!is(value[0], '(') || !otherwise) return [];
				return [[name, {name, required: false, where: `${file.path}:${call.line}`, ...defaultOf(otherwise)}]];
			}),
		),
	);
}

function readingsIn(file: PythonFile, readers: ReadonlySet<string>): Reading[] {
	const own = ownReaders(file);
	const found: Reading[] = [];
	for (const statement of file.statements) {
		for (const call of callsIn(statement.tokens)) {
			const reader = readerOf(call, file, readers, own);
			if (reader) found.push(...readingOf(call, reader, statement, file));
		}

		found.push(...subscripts(statement, file), ...memberships(statement, file));
	}

	return [...found, ...settingsClasses(file)];
}

const ownNames: Readonly<Record<string, string>> = {
	db: 'DATABASE_URL',
	db_url: 'DATABASE_URL',
	dj_db_url: 'DATABASE_URL',
	cache: 'CACHE_URL',
	cache_url: 'CACHE_URL',
	email_url: 'EMAIL_URL',
	search_url: 'SEARCH_URL',
};

function readingOf(call: Call, reader: Reader, statement: Statement, file: PythonFile): Reading[] {
	const method = call.name.split('.')[1] ?? '';
	const name =
		textOf(
			(reader.nameIn ? call.named.get(reader.nameIn) : undefined) ??
				call.positional[0] ??
				call.named.get('key') ??
				call.named.get('name') ??
				call.named.get('var'),
		) ??
		reader.ownName ??
		(call.positional.length === 0 ? ownNames[method] : undefined);
	if (name === undefined) {
		const [key] = call.positional[0] ?? [];
		return call.positional[0]?.length === 1 && key?.type === 'name' ? ofLoop(key, call.line, statement, file) : [];
	}

	if (!/^[A-Za-z_]\w*$/.test(name)) return [];
	const prefix = headersOf(statement)
		.flatMap(({tokens}) => callsIn(tokens))
		.find(({name: called}) => called.endsWith('.prefixed'));
	const given =
		call.named.get('default') ??
		(reader.defaultAt === undefined ? ofSecondArgument(call, file) : call.positional[reader.defaultAt]);
	const otherwise = given === undefined ? fallbackAfter(statement.tokens, call.to) : given;
	const isGuarded = isIn(statement, 'try') || isConditional(statement);
	const fails = reader.isStrict || raisesWithout(statement, file);
	const called = assignment(statement)?.name ?? '';
	return [
		{
			name: (textOf(prefix?.positional[0]) ?? '') + name,
			...(/^(?:SECRET_KEY|SQLALCHEMY_DATABASE_URI|DATABASE_URL)$/.test(called) && {as: called}),
			required: otherwise === undefined && fails && !isGuarded,
			where: `${file.path}:${call.line}`,
			// Of bool(os.environ.get('DEBUG')) any value is a yes, '0' and 'False' too.
			...(is(statement.tokens[call.from - 2], 'bool') &&
				is(statement.tokens[call.from - 1], '(') && {keepsDefault: true as const}),
			...defaultOf(otherwise),
		},
	];
}

/** What is gone through: a list that stands there, or one that has a name. */
function listAfter(tokens: readonly Token[], file: PythonFile): readonly Token[] {
	const [first] = tokens;
	if (/^[([{]$/.test(first?.text ?? '')) return tokens.slice(1, closingOf(tokens, 0));
	if (first?.type !== 'name') return [];
	const named = file.statements.flatMap(statement => assignment(statement) ?? []).find(({name}) => name === first.text);
	return named?.value ?? [];
}

/** `for key in REQUIRED: if key not in os.environ: raise …` */
function memberships(statement: Statement, file: PythonFile): Reading[] {
	const {tokens} = statement;
	return tokens.flatMap((token, at) => {
		const [key] = tokens.slice(at - 2, at - 1);
		if (!is(token, 'in') || !is(tokens[at - 1], 'not') || key?.type !== 'name') return [];
		const rest = tokens.slice(at + 1).findIndex(one => one.type === 'sign' && one.text !== '.');
		const end = rest === -1 ? tokens.length : at + 1 + rest;
		const written = tokens.slice(at + 1, end).map(({text}) => text);
		return originOf(file, written.join('')) === 'os.environ' ? ofLoop(key, token.line, statement, file) : [];
	});
}

/** os.environ.get(key) for key in ("A", "B"): all of them; required, where the list is called so. */
function ofLoop(key: Token, line: number, statement: Statement, file: PythonFile): Reading[] {
	for (const {tokens} of [statement, ...headersOf(statement)]) {
		const at = tokens.findIndex(
			(token, index) => is(token, 'for') && is(tokens[index + 1], key.text) && is(tokens[index + 2], 'in'),
		);
		if (at === -1) continue;
		const required = /required|mandatory/i.test(tokens[at + 3]?.text ?? '');
		return textsIn(listAfter(tokens.slice(at + 3), file))
			.filter(name => /^[A-Z_]\w*$/.test(name))
			.map(name => ({name, required, where: `${file.path}:${line}`}));
	}

	return [];
}

/** Read only where something else is set; what only production reads is read on a box. */
function isConditional(statement: Statement): boolean {
	return headersOf(statement).some(
		({tokens}) =>
			(is(tokens[0], 'if') || is(tokens[0], 'elif')) &&
			!isMain({tokens} as Statement) &&
			!/\bnot\b|DEBUG|PROD|prod/.test(tokens.map(({text}) => text).join(' ')),
	);
}

function isIn(statement: Statement, word: string): boolean {
	return headersOf(statement).some(({tokens}) => is(tokens[0], word));
}

/** `X = os.environ.get('X')`, and somewhere `if not X: raise …`. */
function raisesWithout(statement: Statement, file: PythonFile): boolean {
	const name = assignment(statement)?.name;
	if (!name) return false;
	return file.statements.some(({tokens, parent}) => {
		if (!parent || !is(tokens[0], 'raise') || !is(parent.tokens[0], 'if')) return false;
		const words = parent.tokens;
		return (
			(is(words[1], 'not') && is(words[2], name)) || (is(words[1], name) && is(words[2], 'is') && is(words[3], 'None'))
		);
	});
}

/** os.environ['X'], where it is read and not set. */
function subscripts(statement: Statement, file: PythonFile): Reading[] {
	const {tokens} = statement;
	return tokens.flatMap((token, at) => {
		if (!is(token, '[') || dottedBefore(tokens, at, file) !== 'os.environ') return [];
		const end = closingOf(tokens, at);
		const name = textOf(tokens.slice(at + 1, end));
		if (name === undefined || (is(tokens[end + 1], '=') && !is(tokens[end + 2], '=')) || is(tokens[0], 'del'))
			return [];
		const isChecked = headersOf(statement).some(
			header => is(header.tokens[0], 'if') && header.tokens.some(one => one.type === 'string' && one.text === name),
		);
		return [
			{
				name,
				required:
					!isIn(statement, 'try') &&
					!isConditional(statement) &&
					!isChecked &&
					!tokens
						.slice(end)
						.some(
							(one, _, rest) => is(one, 'if') && rest.some(other => other.type === 'string' && other.text === name),
						),
				where: `${file.path}:${token.line}`,
			},
		];
	});
}
