import {isFunction, isMain, type Statement} from '../../../reading/python.ts';
import {callsIn} from '../../../reading/tokens.ts';
import type {PythonFile} from '../project.ts';

/** A program that listens by itself. */
export type OwnServer = {
	/** 'streamlit run app.py --server.port $PORT' */
	readonly command: string;
	readonly because: string;
	/** Where it is told to listen: 'app.py:12'; absent where the command says on which port. */
	readonly listensAt?: {readonly path: string; readonly line: number; readonly readsOs: boolean};
};

/** Frameworks with a server of their own, and how it is told which port to take (their documentation on deploying). */
const servers: readonly {readonly uses: RegExp; readonly name: string; readonly command: (path: string) => string}[] = [
	{
		uses: /^streamlit(?:\.|$)/,
		name: 'Streamlit',
		command: path => `streamlit run ${path} --server.port $PORT --server.address 127.0.0.1 --server.headless true`,
	},
	{
		uses: /^chainlit(?:\.|$)/,
		name: 'Chainlit',
		command: path => `chainlit run ${path} --headless --host 127.0.0.1 --port $PORT`,
	},
	{uses: /^gradio(?:\.|$)/, name: 'Gradio', command: path => `env GRADIO_SERVER_PORT=$PORT python ${path}`},
	{uses: /^robyn(?:\.|$)/, name: 'Robyn', command: path => `env ROBYN_PORT=$PORT python ${path}`},
	{uses: /^fasthtml(?:\.|$)/, name: 'FastHTML', command: path => `python ${path}`},
];

/** Libraries whose programs are started as they are, and say themselves where they listen. */
const selfServing =
	/^(?:aiohttp|tornado|nicegui|cherrypy|sanic|panel|bokeh|twisted|socketserver|http\.server|websockets|grpc|waitress)(?:\.|$)/;

const listening =
	/(?:^|\.)(?:run|run_app|run_simple|serve|serve_forever|launch|start|start_server|listen|quickstart|HTTPServer|ThreadingHTTPServer|TCPServer)$/;

/** The command of an app that listens by itself: `streamlit run app.py`, `python server.py`; undefined where there is none. */
export function ownServer(files: readonly PythonFile[]): OwnServer | undefined {
	const uses = (file: PythonFile, pattern: RegExp) => [...file.imports.values()].some(origin => pattern.test(origin));
	for (const {uses: pattern, name, command} of servers) {
		const page = files.find(
			file => uses(file, pattern) && !file.path.startsWith('pages/') && !file.path.endsWith('__init__.py'),
		);
		if (page) return {command: command(page.path), because: `${page.path} uses ${name}`};
	}

	for (const file of files) {
		const start = uses(file, selfServing) ? file.statements.find(startsServer) : undefined;
		if (start)
			return {
				command: `python ${file.path}`,
				because: `${file.path} starts a server of its own`,
				listensAt: {path: file.path, line: start.line, readsOs: file.imports.get('os') === 'os'},
			};
	}

	return undefined;
}

/** Whether a server is started as the file is run: `web.run_app(app)`, also under `if __name__ == "__main__"`. */
function startsServer({tokens, parent}: Statement): boolean {
	return (
		(parent === undefined || isMain(parent) || isFunction(parent)) &&
		callsIn(tokens).some(({name}) => listening.test(name))
	);
}
