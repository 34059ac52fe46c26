import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

/** Ink loads it for developers only, and it wants a browser. */
const noDevtools = 'export default {initialize() {}, connectToDevTools() {}};';

/** Bundles test/gallery.tsx into one file that Node runs. */
export async function bundleGallery(outfile: string): Promise<void> {
	await build({
		entryPoints: [fileURLToPath(new URL('gallery.tsx', import.meta.url))],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		define: {'process.env.NODE_ENV': '"production"'},
		logLevel: 'error',
		banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
		plugins: [
			{
				name: 'no-devtools',
				setup(bundle) {
					bundle.onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'stub'}));
					bundle.onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: noDevtools}));
				},
			},
		],
	});
}
