import type {Warning} from '../../../../source/contract/detection.ts';
import {headersOf, isFunction, runsOnImport, type Statement} from '../../../reading/python.ts';
import {callsIn} from '../../../reading/tokens.ts';
import {originOf} from '../project.ts';
import type {Findings} from '../warnings.ts';

const adding =
	/\.(?:route|get|post|put|patch|delete|websocket|add_url_rule|register_blueprint|register_api|include_router|mount|add_api|add_api_route|add_route|add_routes|add_resource)$/;

/** An app that is made at the top of a file, and gets its pages in a function that nothing calls as the file is loaded: each page is a 404. */
export function pagesInFunction({files, entry}: Findings): Warning[] {
	const [module = '', name = ''] = entry?.target.split(':') ?? [];
	const own = files.find(({path}) => path === entry?.file);
	// What the repository itself gives to a server is right.
	if (
		!entry ||
		entry.weight >= 80 ||
		!own ||
		!/^\w+$/.test(name) ||
		!/^(?:Flask|Quart|FastAPI|Starlette|Sanic)$/.test(entry.framework ?? '')
	)
		return [];
	const isApp = (file: (typeof files)[number], object: string) =>
		file === own ? object === name : originOf(file, object).endsWith(`${module.split('.').at(-1)}.${name}`);
	const added = files.flatMap(file =>
		file.statements.flatMap(statement =>
			callsIn(statement.tokens).some(call => adding.test(call.name) && isApp(file, call.name.replace(adding, '')))
				? [{file, statement}]
				: [],
		),
	);
	const functions = [...new Set(added.map(({statement}) => nameOf(statement)))];
	const isInside = added.length > 0 && added.every(one => one.file === own && !runsOnImport(one.statement));
	const isCalled = files.some(({statements}) =>
		statements.some(
			one =>
				runsOnImport(one) &&
				!isFunction(one) &&
				callsIn(one.tokens).some(call => functions.includes(call.name.split('.').at(-1) ?? '')),
		),
	);
	const [first] = added;
	if (!isInside || isCalled || !first) return [];
	const maker = functions[0] ?? '';
	return [
		{
			code: 'pages-in-function',
			severity: 'fails',
			what: `${entry.file}:${entry.line} makes the app, and ${maker}() gives it its pages: nothing calls that as the file is loaded.`,
			means: 'A server loads the app alone. Each of its pages would be “not found”.',
			next: `Say what starts it: its own command, or a file that calls ${maker}() and is named instead, such as wsgi:app.`,
			evidence: [`${entry.file}:${first.statement.line}`],
		},
	];
}

/** The outermost function that a statement stands in. */
function nameOf(statement: Statement): string {
	const header = headersOf(statement).filter(isFunction).at(-1);
	return header?.tokens[header.tokens[0]?.text === 'async' ? 2 : 1]?.text ?? '';
}
