import {chmodSync, cpSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {build, type Plugin} from 'esbuild';

/** The folder to fill: dist, or the one that is named. */
const output = process.argv[2] ?? 'dist';

/** Ink asks for React's developer tools only when DEV=true: a stub serves the rest of the time. */
const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup(bundle) {
		bundle.onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'stub'}));
		bundle.onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default undefined;'}));
	},
};

/** What is loaded and never used, and takes a third of a start: conf's JSON schema validator, zod's messages in 50 languages. */
const withoutUnused: Plugin = {
	name: 'without-unused',
	setup(bundle) {
		const stub = ({path}: {path: string}) => ({path, namespace: 'unused'});
		bundle.onResolve({filter: /^ajv(-formats)?(\/|$)/}, stub);
		bundle.onResolve({filter: /^\.\.\/locales\/index\.js$/}, stub);
		bundle.onLoad({filter: /.*/, namespace: 'unused'}, () => ({
			contents: 'export const Ajv2020 = undefined; export default {default: undefined};',
		}));
	},
};

/** What CommonJS packages expect to find in their scope. */
const commonJsScope = `import {createRequire as boxwizardCreateRequire} from 'node:module';
import {dirname as boxwizardDirname} from 'node:path';
import {fileURLToPath as boxwizardFileURLToPath} from 'node:url';
const require = boxwizardCreateRequire(import.meta.url);
const __filename = boxwizardFileURLToPath(import.meta.url);
const __dirname = boxwizardDirname(__filename);`;

/** The entry by itself, in a syntax that the oldest Node reads far enough to say that it is too old. */
async function bundleEntry(): Promise<void> {
	await build({
		entryPoints: {boxwizard: 'source/cli/boxwizard.ts'},
		outdir: output,
		format: 'esm',
		platform: 'node',
		target: 'es2015',
		supported: {'dynamic-import': true},
		banner: {js: '#!/usr/bin/env node'},
		plugins: [
			{
				name: 'beside-the-bundle',
				setup: bundle => void bundle.onResolve({filter: /cli\.tsx$/}, () => ({path: './cli.js', external: true})),
			},
		],
		bundle: true,
	});
}

async function bundleProgram(): Promise<void> {
	await build({
		entryPoints: {cli: 'source/cli/cli.tsx'},
		outdir: output,
		// All chunks lie in one folder: files that are read at run time are found beside them.
		chunkNames: '[name]-[hash]',
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		minify: true,
		keepNames: true,
		legalComments: 'linked',
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		external: ['cpu-features', '*.node', '@napi-rs/keyring'],
		banner: {js: commonJsScope},
		plugins: [withoutDeveloperTools, withoutUnused],
	});
}

/** The programs of toasted-notifier that show notifications on macOS and Windows; Linux has its own. */
function copyNotifiers(): void {
	const vendor = 'node_modules/toasted-notifier/vendor';
	const to = (name: string) => join(output, 'notifier', name);
	cpSync(`${vendor}/mac.noindex/terminal-notifier.app`, to('terminal-notifier.app'), {recursive: true});
	// The package has lost the mark that it is a program.
	chmodSync(to('terminal-notifier.app/Contents/MacOS/terminal-notifier'), 0o755);
	cpSync(`${vendor}/terminal-notifier-LICENSE`, to('terminal-notifier-LICENSE'));
	cpSync(`${vendor}/notifu/notifu64.exe`, to('notifu64.exe'));
	cpSync(`${vendor}/notifu/LICENSE`, to('notifu-LICENSE'));
}

rmSync(output, {recursive: true, force: true});
await Promise.all([bundleEntry(), bundleProgram()]);
cpSync('source/remote/verbs.sh', join(output, 'verbs.sh'));
cpSync('source/practice/services/sample', join(output, 'sample'), {recursive: true});
copyNotifiers();
