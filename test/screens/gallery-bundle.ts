import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

/** Ink loads it for developers only, and it wants a browser. */
const noDevtools = 'export default {initialize() {}, connectToDevTools() {}};';

/** Bundles test/screens/gallery.tsx, or another program that shows screens, into one file that Node runs. */
export async function bundleGallery(outfile: string, program = 'gallery.tsx'): Promise<void> {
	await build({
		entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
		outfile,
		bundle: true,
		// As it is shipped: the memory that it takes is measured.
		minify: true,
		platform: 'node',
		format: 'esm',
		define: {'process.env.NODE_ENV': '"production"'},
		logLevel: 'error',
		external: ['cpu-features', '*.node', '@napi-rs/keyring'],
		banner: {
			js: "import {createRequire as galleryRequire} from 'node:module'; const require = galleryRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
		},
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
