import type {Tree} from '../../../source/contract/detection.ts';
import {assignment} from '../../reading/python.ts';
import {type Call, callsIn, closingOf, is, type Token, textOf, textsIn} from '../../reading/tokens.ts';
import {pathOf} from './paths.ts';
import {originOf, type PythonFile} from './project.ts';

/** Calls that open a file of SQLite, which is what they are given first: Python's own, aiosqlite's, peewee's. */
const opening =
	/^(?:sqlite3|aiosqlite|apsw)\.(?:connect|Connection)$|^peewee\.SqliteDatabase$|^playhouse\.\w+\.\w*SqliteDatabase$/;

/** The file that Huey keeps its jobs in where it is told of none (its documentation, “SqliteHuey”). */
const fileOfHuey = 'huey.db';

/**
 * Files of SQLite that the code names at a place in the app, where it may not write: Django's settings, what opens one, addresses of SQLAlchemy's
 * without Flask (which takes its instance folder), and Huey's jobs. Those with data in the repository stay as they are.
 * @param base the folder that the app is started in
 */
export function readDatabaseFiles(tree: Tree, files: readonly PythonFile[], base: string): string[] {
	const ofFlask = files.some(({imports}) => [...imports.values()].some(origin => /^flask_sqlalchemy/.test(origin)));
	const found = files
		.filter(({path}) => !/(?:^|\/)migrations\//.test(path))
		.flatMap(file =>
			file.statements.flatMap(({tokens}) => [
				...callsIn(tokens).flatMap(call => ofCall(call, file, base)),
				...ofSettings(tokens, 'django.db.backends.sqlite3', 'NAME', file, base),
				...ofSettings(tokens, 'huey.SqliteHuey', 'filename', file, base),
				...(ofFlask ? [] : ofAddress(tokens, base)),
			]),
		);
	return [...new Set(found)].filter(
		path => /^\w[\w./-]*\.\w+$/.test(path) && !/(?:^|[/_.-])tests?(?:$|[/_.-])/i.test(path) && !tree.has(path),
	);
}

function ofCall(call: Call, file: PythonFile, base: string): string[] {
	const origin = originOf(file, call.name);
	if (opening.test(origin)) return placed(call.positional[0] ?? call.named.get('database'), file, base);
	if (!/^huey\.(?:\w+\.)?SqliteHuey$/.test(origin)) return [];
	const given = call.named.get('filename');
	return given === undefined ? [inside(base, fileOfHuey)] : placed(given, file, base);
}

/** {'ENGINE': engine, KEY: path} */
function ofSettings(tokens: readonly Token[], engine: string, key: string, file: PythonFile, base: string): string[] {
	if (!textsIn(tokens).includes(engine)) return [];
	const at = tokens.findIndex(({type, text}) => type === 'string' && text === key);
	if (at === -1 || !is(tokens[at + 1], ':')) return [];
	const rest = tokens.slice(at + 2);
	const end = rest.findIndex(token => is(token, ',') || is(token, '}'));
	const inCall = rest.findIndex(token => is(token, '('));
	const value = inCall !== -1 && inCall < end ? rest.slice(0, closingOf(rest, inCall) + 1) : rest.slice(0, end);
	return placed(value, file, base);
}

/** 'sqlite:///shop.db', 'sqlite+aiosqlite:///./shop.db' */
function ofAddress(tokens: readonly Token[], base: string): string[] {
	return textsIn(tokens).flatMap(text => {
		const path = /^sqlite(?:\+\w+)?:\/\/\/(?:\.\/)?(\w[\w./-]*\.\w+)(?:\?|$)/.exec(text)?.[1];
		return path === undefined ? [] : [inside(base, path)];
	});
}

/** A plain text, or a name for one, is a path from the folder that the app is started in; others name their own. */
function placed(value: readonly Token[] | undefined, file: PythonFile, base: string): string[] {
	if (value === undefined) return [];
	const [first] = value;
	const named =
		value.length === 1 && first?.type === 'name'
			? file.statements.map(assignment).findLast(set => set?.name === first.text)?.value
			: undefined;
	const path = pathOf(value, file, base);
	if (path === undefined) return [];
	return [textOf(named ?? value) === undefined ? path : inside(base, path)];
}

function inside(base: string, path: string): string {
	return base === '' ? path : `${base}/${path}`;
}
