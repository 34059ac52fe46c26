import type {Remedy, Warning} from '../../../source/contract/detection.ts';
import {assignment, headersOf, isMain, runsOnImport} from '../../reading/python.ts';
import {callsIn, is, textOf} from '../../reading/tokens.ts';
import {originOf, type PythonFile} from './project.ts';
import type {Findings} from './warnings.ts';

/** Flask-SocketIO keeps what it knows of a visitor in one process (its documentation, “Deployment”): with several, connections break. */
export function socketServer({names, entry, start}: Findings): Warning[] {
	if (!entry || !names.has('flask-socketio') || /gevent|eventlet|--threads/.test(start ?? '')) return [];
	const worker = ['gevent', 'eventlet'].find(name => names.has(name));
	return [
		{
			code: 'socket-server',
			severity: 'fails',
			what: 'Flask-SocketIO answers each visitor from one process alone.',
			means:
				'With several of them the next request of a connection meets another one, which knows nothing of it: “Invalid session”.',
			next: `Run it in one worker ${worker ? `of ${worker}` : 'with many threads'}.`,
			remedy: {
				type: 'answer',
				set: {workers: '1', start: `gunicorn ${worker ? `--worker-class ${worker}` : '--threads 100'}`},
			},
			evidence: [`Flask-SocketIO is among its packages${worker ? `, and ${worker}` : ''}`],
		},
	];
}

/** A program that listens on a port that it chose: nginx asks another one. */
export function ownPort({tree, own, start, variables}: Findings): Warning[] {
	if (!own?.listensAt || start !== own.command || variables.some(({filledWith}) => filledWith === 'port')) return [];
	const {path, line, readsOs} = own.listensAt;
	const written = tree.text(path)?.split('\n')[line - 1] ?? '';
	const [number] = /\b[1-9]\d{1,4}\b/.exec(written) ?? [];
	const to = number && written.replace(number, `int(os.environ.get("PORT", "${number}"))`);
	return [
		{
			code: 'own-port',
			severity: 'fails',
			what: `${path}:${line} listens on a port of its own choice.`,
			means: 'Each app of a box gets a port of its own in the variable PORT. On another one nobody reaches it.',
			next: `${to ? `Write: ${to.trim()}` : 'Have it listen on int(os.environ["PORT"])'}${readsOs ? '' : ', and at the top of the file: import os'}`,
			...(to && readsOs && {remedy: {type: 'change-line', path, line, to} satisfies Remedy}),
			evidence: [`${path}:${line}  ${written.trim()}`],
		},
	];
}

/** Apps whose framework makes one by itself, or keeps it inside: one line gives it a name that a server can load. */
export function unnamedApp(findings: Findings): Warning[] {
	return [...dashServer(findings), ...bottleApp(findings)].slice(0, 1);
}

function dashServer({tree, files}: Findings): Warning[] {
	return files.flatMap(file =>
		file.statements.filter(runsOnImport).flatMap(statement => {
			const set = assignment(statement);
			const call = set && callsIn(set.value).find(({from}) => from === 0);
			if (!set || !call || !/^dash\.(?:\w+\.)?Dash$/.test(originOf(file, call.name))) return [];
			const added = `server = ${set.name}.server`;
			const written = tree.text(file.path)?.split('\n')[statement.line - 1] ?? '';
			const isWhole = set.value.at(-1)?.line === statement.line;
			return [
				{
					code: 'unnamed-app',
					severity: 'fails',
					what: `${file.path}:${statement.line} makes a Dash app, and nothing names the server in it.`,
					means: 'A server loads the Flask app that Dash keeps inside, and needs a name for it.',
					next: `Add below it: ${added}`,
					...(isWhole && {
						remedy: {
							type: 'change-line',
							path: file.path,
							line: statement.line,
							to: `${written}\n${added}`,
						} satisfies Remedy,
					}),
					evidence: [`${file.path}:${statement.line}  ${written.trim()}`],
				} satisfies Warning,
			];
		}),
	);
}

/** `@route("/")` of Bottle puts pages into an app that Bottle made; `run()` serves it. */
function bottleApp({tree, files, entry}: Findings): Warning[] {
	const file = entry ? undefined : files.find(usesBottle);
	const run = file?.statements.find(({tokens}) =>
		callsIn(tokens).some(({name}) => originOf(file, name) === 'bottle.run'),
	);
	if (!file || !run) return [];
	const main = headersOf(run).find(isMain);
	const at = main ?? (run.parent === undefined ? run : undefined);
	const written = at && (tree.text(file.path)?.split('\n')[at.line - 1] ?? '');
	const named = 'import bottle\n\napp = bottle.default_app()\n\n';
	return [
		{
			code: 'unnamed-app',
			severity: 'fails',
			what: `${file.path} puts its pages into the app that Bottle makes, and gives it no name.`,
			means: 'A server needs a name for what it loads.',
			next: `Add above line ${at?.line ?? run.line}: import bottle; app = bottle.default_app()${main ? '' : '. And call run() under if __name__ == "__main__": alone.'}`,
			...(written !== undefined && {
				remedy: {
					type: 'change-line',
					path: file.path,
					line: at?.line ?? 1,
					to: `${named}${main ? written : `if __name__ == "__main__":\n    ${written}`}`,
				} satisfies Remedy,
			}),
			evidence: [`${file.path}:${run.line}`],
		},
	];
}

function usesBottle(file: PythonFile): boolean {
	return file.statements.some(
		({tokens}) =>
			is(tokens[0], '@') &&
			callsIn(tokens).some(
				({name, positional}) =>
					/^bottle\.(?:route|get|post|view)$/.test(originOf(file, name)) && textOf(positional[0]) !== undefined,
			),
	);
}
