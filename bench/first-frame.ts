import {join} from 'node:path';
import {build} from 'esbuild';
import {spawn} from 'node-pty';
import {installedProgram} from './boxes.ts';
import {medians} from './measure.ts';

const times = 5;

/** Milliseconds from the start of a process to the first word on its screen. */
export async function timeFirstFrames(folder: string): Promise<{readonly hello: number; readonly boxwizard: number}> {
	const hello = join(folder, 'hello.mjs');
	await bundleHello(hello);
	const home = {BOXWIZARD_HOME: join(folder, 'empty')};
	return await medians(times, {
		hello: () => firstFrame([hello], {}),
		boxwizard: () => firstFrame([installedProgram(folder)], home),
	});
}

/** The least that Ink can show, bundled as the program is. */
async function bundleHello(outfile: string): Promise<void> {
	await build({
		stdin: {
			contents: `import {createElement} from 'react'; import {render, Text} from 'ink';
render(createElement(Text, null, 'Hello, world'));`,
			resolveDir: import.meta.dirname,
		},
		outfile,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		minify: true,
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		alias: {'react-devtools-core': 'node:util'},
		banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
	});
}

function firstFrame(words: string[], env: Readonly<Record<string, string>>): Promise<number> {
	// A terminal of a person: Ink prints frames to nobody else.
	const {CI: _, ...ours} = process.env;
	const started = performance.now();
	const terminal = spawn(process.execPath, words, {cols: 80, rows: 24, env: {...ours, ...env, TERM: 'xterm-256color'}});
	return new Promise((resolve, reject) => {
		let seen = '';
		let shown = Number.NaN;
		terminal.onData(text => {
			seen += text;
			if (!Number.isNaN(shown) || !/\w/.test(withoutControls(seen))) return;
			shown = performance.now() - started;
			terminal.kill();
		});
		terminal.onExit(() => {
			if (Number.isNaN(shown)) reject(new Error(`${words.join(' ')} showed nothing:\n${seen}`));
			else resolve(shown);
		});
	});
}

/** ECMA-48 control sequences taken off. */
function withoutControls(text: string): string {
	return text.replaceAll(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_=>]/g, '');
}
