import {headersOf, isFunction, type Statement} from '../../reading/python.ts';
import {type Call, callsIn, is, textOf} from '../../reading/tokens.ts';
import type {PythonFile} from './project.ts';

/** A command of Flask's own command line that makes the tables, and does them no harm where they stand. */
export type TableCommand = {readonly command: string; readonly because: string};

/**
 * `@app.cli.command()` above a function that calls create_all() whatever it is given, takes no arguments, and drops nothing but where
 * an option says so. The first counts. Click makes `init_db` to init-db, and the name in the decorator counts before it.
 */
export function readTableCommand(files: readonly PythonFile[]): TableCommand | undefined {
	for (const {path, statements} of files) {
		for (const [at, header] of statements.entries()) {
			if (!isFunction(header)) continue;
			const decorators = decoratorsAbove(statements, at);
			const command = decorators.find(({name}) => /^(?:app|application)\.cli\.command$/.test(name));
			if (!command || decorators.some(({name}) => name.endsWith('.argument'))) continue;
			const body = statements.filter(one => headersOf(one).includes(header));
			const always = body.filter(one => one.parent === header || is(one.parent?.tokens[0], 'with'));
			if (!calls(always, 'create_all') || calls(always, 'drop_all')) continue;
			const name =
				textOf(command.positional[0] ?? command.named.get('name')) ?? header.tokens[1]?.text.replaceAll('_', '-');
			return {command: `flask ${name}`, because: `${path}:${header.line} has a command that makes the tables`};
		}
	}

	return undefined;
}

/** The calls of the decorators that stand right above a function. */
function decoratorsAbove(statements: readonly Statement[], at: number): Call[] {
	const found: Call[] = [];
	for (let index = at - 1; is(statements[index]?.tokens[0], '@'); index -= 1)
		found.push(...callsIn(statements[index]?.tokens ?? []).slice(0, 1));
	return found;
}

function calls(statements: readonly Statement[], name: string): boolean {
	return statements.some(({tokens}) => callsIn(tokens).some(call => call.name.endsWith(`.${name}`)));
}
