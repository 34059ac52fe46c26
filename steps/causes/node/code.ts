import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {installNodePackages} from '../../fixes/nodePackages.ts';
import {swap} from '../../system/swap.ts';

/** What Node makes of the code and packages it has. */
export const nodeCode: readonly Cause[] = [
	{
		id: 'node/missing-package',
		title: ({module}) => `The Node package ${module} is missing.`,
		match: [
			/Cannot find module '(?<module>@?[^'./:][^':]*)'/,
			/Cannot find package '(?<module>[^']+)' imported from/,
			/Module not found: (?:Error: )?Can't resolve '(?<module>@?[^'./][^']*)'/,
			/Rollup failed to resolve import "(?<module>@?[^"./][^"]*)"/,
		],
		when: ({module = ''}) => !module.startsWith('node:'),
		means: ({module}) =>
			`The code asks for ${module}, and node_modules does not have it: it is new in package.json and was not installed, or stands under devDependencies.`,
		next: ({module}) =>
			`On your machine: npm install --save ${module}, commit package.json and package-lock.json, push, and deploy again.`,
		fixes: (_, app) => [installNodePackages(app), ...earlierCode(app)],
	},
	{
		id: 'node/missing-file',
		title: ({module}) => `The app’s own file ${module} is not there.`,
		match: [
			/Cannot find module '(?<module>(?:file:\/\/|\.{0,2}\/)[^']*)'/,
			/Module not found: (?:Error: )?Can't resolve '(?<module>\.{1,2}\/[^']+)'/,
			/Could not resolve "(?<module>\.{1,2}\/[^"]+)" from/,
		],
		unless: /(?:esbuild|rollup|swc|sharp|lightningcss|bcrypt)[-\w]*linux/,
		means:
			'A file that the code asks for is not in this release: not committed, not built yet, or its name differs in capital letters, which count on Linux.',
		next: 'See git status on your machine, and whether a build (npm run build) makes it. Then push and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/platform-package',
		title: ({module}) => `The part of ${module} for Linux is missing.`,
		match: [
			/Cannot find (?:module|package) '?(?<module>@(?:rollup\/rollup|esbuild\/|next\/swc|swc\/core|img\/sharp|tailwindcss\/oxide)[\w-]*linux[\w-]*)/,
			/You installed (?<module>esbuild) for another platform than the one you're currently using/,
			/Could not load the "(?<module>sharp)" module using the linux-\w+ runtime/,
			/Failed to load (?<module>SWC) binary for linux/,
			/\/(?<module>[\w.-]+)\.(?:node|so): (?:invalid ELF header|cannot open shared object file)/,
		],
		over: ['node/missing-package', 'node/missing-file'],
		means:
			'node_modules, or the lock file, was made on another system (macOS, Windows), with the native parts for that one only.',
		next: 'Never commit node_modules; make the lock file anew (delete it with node_modules, npm install), push, and deploy again.',
		fixes: (_, app) => [installNodePackages(app)],
	},
	{
		id: 'node/modules',
		title: 'Node reads the code as the other kind of module.',
		match: [
			/Cannot use import statement outside a module/,
			/ERR_REQUIRE_ESM|require\(\) of ES Module/,
			/(?:require|exports|module|__dirname) is not defined in ES module scope/,
			/Unexpected token 'export'/,
			/To load an ES module, set "type": "module"/,
			/ERR_REQUIRE_ASYNC_MODULE|ERR_UNSUPPORTED_DIR_IMPORT/,
			/does not provide an export named '(?<name>[^']+)'/,
			/Named export '(?<name>[^']+)' not found\. The requested module '\S+' is a CommonJS module/,
		],
		over: ['node/syntax', 'node/too-old'],
		means: '`import` and `require` are two kinds of modules; package.json says with "type" which one a .js file is.',
		next: 'Set "type": "module" in package.json (or take it out), or name the file .mjs or .cjs. A package that is a module only: import it, or keep its older release.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/too-old',
		title: 'The Node of the box is too old for the code.',
		match: [
			/SyntaxError: Unexpected token '?(?:\?|\.|\?\?=|\|\|=|&&=|\?\.|\?\?)'?$/,
			/SyntaxError: (?:Unexpected token '?(?:with|assert|\{|\()'?|Unexpected reserved word|Unexpected private field|Invalid regular expression flags)$/,
			/TypeError: .*\.(?:at|replaceAll|findLast|toSorted|toReversed|hasOwn|structuredClone|groupBy|flatMap|fromEntries|matchAll) is not a function/,
			/ReferenceError: (?:fetch|structuredClone|FormData|Headers|Request|ReadableStream|AbortController|globalThis|crypto|File|navigator|WebSocket) is not defined/,
			/ERR_UNKNOWN_BUILTIN_MODULE|No such built-in module: (?<module>\S+)|Cannot find module 'node:(?<module>[\w/]+)'/,
			/SyntaxError: The requested module 'node:\S+' does not provide an export named/,
			/node: bad option: (?<module>--[\w-]+)/,
		],
		over: ['node/syntax', 'python/syntax', 'node/missing-package', 'node/modules'],
		means:
			'The code, or a package of it, uses words of JavaScript (?., ??=, fetch) that came with a newer Node than the one that runs it.',
		next: 'Name the Node that the app needs in package.json ("engines") or .nvmrc, push, and set up again.',
	},
	{
		id: 'node/syntax',
		depth: 'kind',
		title: ({what}) => `The code has a fault that Node can’t read: ${what}.`,
		match: [
			/^(?:Uncaught )?SyntaxError: (?<what>(?:Unexpected (?:token|identifier|end of input|string|number|template|strict|eval)|Invalid or unexpected token|Invalid (?:left-hand|shorthand|destructuring|regular)|[Mm]issing (?:\)|initializer)|Identifier '|Illegal |await is only|Unterminated template).*)$/,
		],
		unless: /is not valid JSON|in JSON at position/,
		over: ['python/syntax'],
		means: 'The file and the line stand above it.',
		next: 'Mend the line on your machine, start the app there once, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/bad-json',
		depth: 'kind',
		title: 'Something that should be JSON is not.',
		match: [/SyntaxError: .*(?:is not valid JSON|in JSON at position \d+|Unexpected end of JSON input)/],
		over: ['node/syntax', 'node/too-old', 'python/syntax'],
		means:
			'A file, a variable or an answer of another service is empty, cut off, or a page of HTML (“Unexpected token <”).',
		next: 'See what is parsed there; where it is another service’s answer, look at its status first.',
	},
	{
		id: 'node/native-version',
		title: 'A native module was built for another version of Node.',
		match: [
			/was compiled against a different Node\.js version/,
			/NODE_MODULE_VERSION (?<has>\d+)/,
			/Module did not self-register/,
			/undefined symbol: \S*(?:napi|node|v8)/,
		],
		over: ['node/wrong-engine'],
		means:
			'Packages with native parts are built for one Node; an upgrade of it, or a copied node_modules, leaves them behind.',
		next: 'Have node_modules made anew with the Node that runs the app.',
		fixes: (_, app) => [installNodePackages(app)],
	},
	{
		id: 'node/openssl',
		title: 'The build uses a hash that the OpenSSL of newer Node versions has put away.',
		match: [/ERR_OSSL_EVP_UNSUPPORTED|error:0308010C:digital envelope routines::unsupported/],
		over: ['node/npm-failed'],
		means:
			'webpack 4 (and create-react-app 4, vue-cli 4) asks for MD4, which Node from 17 on does not have by default.',
		next: 'Raise webpack to 5, or name Node 16 in .nvmrc; NODE_OPTIONS=--openssl-legacy-provider for the build is a makeshift.',
	},
	{
		id: 'node/not-built',
		title: 'The app is started without having been built.',
		match: [
			/Could not find a production build in the '(?<path>[^']+)' directory/,
			/ENOENT: no such file or directory, open '(?<path>[^']*\.next\/(?:BUILD_ID|prerender-manifest\.json|required-server-files\.json))'/,
			/Cannot find module '(?<path>[^']*\/(?:dist|build|\.output|\.svelte-kit)\/[^']+)'/,
			/ENOENT.*stat '(?<path>[^']*\/(?:build|dist)\/index\.html)'/,
		],
		over: ['node/missing-file', 'files/missing'],
		means: ({path = 'the build'}) =>
			`The start command serves what a build makes (${path}), and the build did not run in this release, or its output was left out.`,
		next: 'Add a script "build" to package.json, so that it is run before the start; then deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/typescript',
		depth: 'kind',
		title: ({what}) => `TypeScript refuses the code: ${what}.`,
		match: [/error TS\d+: (?<what>.{1,120}?)\.?$/, /^Type error: (?<what>.{1,120}?)\.?$/],
		over: ['node/npm-failed'],
		means:
			'The build stops at the first error of types. Packages of types (@types/…) often stand under devDependencies.',
		next: 'Mend it (npx tsc --noEmit shows all on your machine), push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/unknown-extension',
		title: 'Node is asked to run TypeScript as it is.',
		match: [/ERR_UNKNOWN_FILE_EXTENSION.*"(?<what>\.tsx?)"/, /Unknown file extension "(?<what>\.tsx?)"/],
		means: 'Older versions of Node read no .ts files: the build must come first, or a loader such as tsx.',
		next: 'Have "build" make JavaScript and "start" run that; or name Node 24 in .nvmrc, which takes types away itself.',
	},
	{
		id: 'node/heap',
		title: 'Node ran out of the memory that it allows itself.',
		match: [
			/(?:Reached heap limit|Ineffective mark-compacts near heap limit|CALL_AND_RETRY_LAST) Allocation failed - JavaScript heap out of memory/,
			/JavaScript heap out of memory/,
		],
		over: ['resources/memory', 'node/npm-failed'],
		means: 'Builds of webpack, Next.js and TypeScript take 1 to 2 GB; Node’s own limit is below that on a small box.',
		next: 'Set NODE_OPTIONS=--max-old-space-size=1536 for it, with swap behind it; or take a bigger box.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(swap, 'Add swap')] : []),
	},
	{
		id: 'node/unhandled',
		depth: 'after',
		title: 'The app ended at an error that its code does not catch.',
		match: [
			/ERR_UNHANDLED_REJECTION|UnhandledPromiseRejection/,
			/throw er; \/\/ Unhandled 'error' event/,
			/\[nodemon\] app crashed/,
		],
		means: 'The error itself stands beside it.',
		next: 'Mend what it names; catch what may fail.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/prisma',
		title: 'Prisma’s client was not made for this box.',
		match: [
			/@prisma\/client did not initialize yet\. Please run "prisma generate"/,
			/Prisma Client could not locate the Query Engine for runtime "(?<name>[^"]+)"/,
			/PrismaClientInitializationError: .*libssl/,
		],
		means: 'It is generated from the schema at the install; that was skipped, or done on another system.',
		next: 'Have "postinstall": "prisma generate" in package.json (with prisma among dependencies), push, and deploy again.',
		fixes: (_, app) => [installNodePackages(app)],
	},
	{
		id: 'node/too-many-files',
		title: 'The box watches or opens no more files.',
		match: [/ENOSPC: System limit for number of file watchers reached/, /EMFILE: too many open files, watch/],
		over: ['resources/disk'],
		means: 'A development server watches each file of the app. On a server nothing is to be watched.',
		next: 'Start the built app (npm start, node dist/server.js), not its development server.',
	},
];
