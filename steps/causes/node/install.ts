import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {earlierCode} from '../../fixes/code.ts';
import {installDebian} from '../../fixes/debianPackages.ts';
import {installNodePackages} from '../../fixes/nodePackages.ts';

/** What npm, yarn, pnpm and node-gyp say when they can't install or build. */
export const nodeInstall: readonly Cause[] = [
	{
		id: 'node/no-lock',
		title: 'There is no package-lock.json for npm ci.',
		match: [
			/The `?npm ci`? command can only install with an existing package-lock\.json/,
			/cipm can only install packages with an existing package-lock\.json/,
			/ERR_PNPM_NO_LOCKFILE|Cannot install with "frozen-lockfile" because pnpm-lock\.yaml is absent/,
		],
		over: ['node/npm-failed'],
		means: 'The lock file was not committed, or the project uses yarn or pnpm, whose lock file has another name.',
		next: 'Commit package-lock.json (npm install makes it); a project with yarn.lock or pnpm-lock.yaml is installed with that manager.',
	},
	{
		id: 'node/lock-outdated',
		title: 'The lock file does not fit package.json any more.',
		match: [
			/can only install packages when your package\.json and (?:package-lock\.json|npm-shrinkwrap\.json).* are in sync/,
			/Missing: \S+ from lock file|Invalid: lock file's \S+ does not satisfy/,
			/Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`/,
			/YN0028:.*The lockfile would have been modified by this install/,
			/ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
		],
		over: ['node/npm-failed'],
		means: 'A dependency was changed in package.json, and the lock file was not made anew or not committed.',
		next: 'On your machine: install once (npm, yarn or pnpm), commit the lock file with package.json, push, and deploy again.',
	},
	{
		id: 'node/lock-version',
		title: 'The lock file is of another version of its package manager.',
		match: [
			/ERR_PNPM_LOCKFILE_BREAKING_CHANGE|Ignoring not compatible lockfile/,
			/read-shrinkwrap This version of npm is compatible with lockfileVersion@1/,
			/This project's package\.json defines "packageManager": "(?<name>[^"]+)"/,
			/Unsupported lockfile version|Unknown lockfile version/i,
		],
		means: ({name}) =>
			`${name === undefined ? 'It was written by a newer (or older) one' : `package.json asks for ${name}`}, and the one on the box does not read it rightly.`,
		next: 'Name the version as "packageManager" in package.json, push, and deploy again.',
	},
	{
		id: 'node/conflict',
		title: 'Packages of the app ask for versions that exclude each other.',
		match: [
			/ERESOLVE (?:unable to resolve dependency tree|could not resolve)/,
			/code ERESOLVE/,
			/ERR_PNPM_PEER_DEP_ISSUES/,
		],
		over: ['node/npm-failed'],
		means: 'One package wants another one (a peer, such as react) in a version that is not the one in package.json.',
		next: 'Raise or lower one of the two, so that npm install goes through without --force on your machine; commit the lock file, push, and deploy again.',
	},
	{
		id: 'node/no-such-package',
		title: ({name = 'A package'}) => `${name.replaceAll('%2f', '/')} is not in the registry.`,
		match: [
			/404 Not Found - GET https?:\/\/[^/\s]+\/(?<name>@?[\w.%/-]+?)(?: - Not found)?$/,
			/404\s+'(?<name>[^']+)' is not in (?:this|the npm) registry/,
			/notarget No matching version found for (?<name>\S+?)\.?$/,
			/code ETARGET/,
			/ERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION)/,
			/Couldn't find (?:package|any versions for) "(?<name>[^"]+)"/,
		],
		over: ['node/npm-failed'],
		means: 'The name is misspelled, the version was never published or was taken back, or the package is private.',
		next: 'Correct the name or version in package.json; a private one needs a token (NPM_TOKEN) among the app’s variables.',
	},
	{
		id: 'node/private-registry',
		title: 'The registry asks for a login that the box does not have.',
		match: [
			/code E40[13]\b/,
			/40[13] (?:Unauthorized|Forbidden) - GET https?:\/\/\S+/,
			/Failed to replace env in config: \$\{(?<name>\w+)\}/,
			/Unable to authenticate, your authentication token seems to be invalid/,
		],
		over: ['node/npm-failed'],
		means: ({name}) =>
			`A private package needs a token${name === undefined ? '' : `, which .npmrc takes from ${name}`}.`,
		next: ({name = 'NPM_TOKEN'}) => `Give ${name} as a variable of the app, then deploy again.`,
	},
	{
		id: 'node/integrity',
		title: 'A package is not the one whose checksum is in the lock file.',
		match: [
			/code EINTEGRITY|sha512-\S+ integrity checksum failed/,
			/Integrity check failed for/,
			/ERR_PNPM_TARBALL_INTEGRITY/,
		],
		over: ['node/npm-failed'],
		means: 'It was damaged on its way, a mirror repacks, or the lock file was merged by hand.',
		next: 'Try again; if it stays, make the lock file anew, push, and deploy again.',
		fixes: (_, app) => [installNodePackages(app)],
	},
	{
		id: 'node/registry-unreachable',
		title: 'The box does not reach the registry of packages.',
		match: [
			/network (?:request to https?:\/\/(?<host>[^/\s]+)\S* failed|This is a problem related to network connectivity)/,
			/(?:ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNRESET|ERR_SOCKET_TIMEOUT)\b.*registry\.\S+/,
			/request to https?:\/\/registry\.\S+ failed, reason/,
			/There appears to be trouble with your network connection/,
		],
		over: ['network/name', 'node/npm-failed'],
		means: 'No way out on port 443, no name server, or a proxy that must be named.',
		next: 'See that the box may connect out and finds names. Then try again.',
	},
	{
		id: 'node/wrong-engine',
		title: ({wanted, has}) =>
			`A package needs Node ${wanted ?? 'of another version'}${has === undefined ? '' : `, and this is ${has}`}.`,
		match: [
			/The engine "node" is incompatible with this module\. Expected version "(?<wanted>[^"]+)"\. Got "(?<has>[^"]+)"/,
			/code EBADENGINE/,
			/Not compatible with your version of node\/npm/,
			/ERR_PNPM_UNSUPPORTED_ENGINE/,
			/Node\.js version (?<wanted>\S+) is required|requires (?:at least )?Node(?:\.js)? (?:version )?(?:>=? ?)?v?(?<wanted>[\d.]+)/,
			/You are using Node\.js (?<has>[\d.]+)\. For Next\.js, Node\.js version ">= (?<wanted>v?[\d.]+)" is required/,
			/Unsupported Node\.js version/,
		],
		means: 'The packages were chosen with another Node than the one of the box.',
		next: 'Name the Node that the app needs in package.json ("engines") or .nvmrc, push, and set up again: the app gets that one.',
	},
	{
		id: 'node/compiler',
		title: 'A native module must be compiled, and the box has no compiler.',
		match: [
			/gyp ERR! stack Error: not found: (?<tool>make|gcc|g\+\+|cc)/,
			/(?:make|g\+\+|gcc|cc): (?:\d+: )?(?:command )?not found|make: (?:g\+\+|gcc|cc): No such file or directory/,
			/gyp ERR! stack Error: `(?<tool>make)` failed with exit code: 127/,
		],
		over: ['node/gyp', 'process/unknown-command', 'node/npm-failed', 'python/build-compiler'],
		means:
			'There is no ready-made binary of it for this Node and system, so node-gyp builds it from source, with make and a C++ compiler.',
		next: 'Install build-essential and python3 on the box, and try again.',
		fixes: () => [
			installDebian(
				['build-essential', 'python3'],
				'The compiler comes from the distribution; then the packages are installed again.',
			),
		],
	},
	{
		id: 'node/gyp-python',
		title: 'A native module must be compiled, and node-gyp finds no Python.',
		match: [
			/gyp ERR! (?:find Python|stack Error: Could not find any Python installation to use|stack Error: Can't find Python executable)/,
			/ModuleNotFoundError: No module named 'distutils'/,
		],
		beside: /gyp/,
		over: ['node/gyp', 'node/npm-failed', 'python/missing-package', 'python/wrong-version'],
		means:
			'node-gyp is written in Python. An older one also needs distutils, which Python 3.12 no longer has (python3-setuptools brings it).',
		next: 'Install python3 and build-essential on the box, or raise the module to a release with a ready-made binary.',
		fixes: () => [
			installDebian(
				['python3', 'python3-setuptools', 'build-essential'],
				'What node-gyp asks for comes from the distribution.',
			),
		],
	},
	{
		id: 'node/native-library',
		title: 'A native module needs the headers of a library.',
		match: [
			/(?:pixman-1|cairo|pangocairo|libvips|vips-cpp)\S* ?(?:, required by|not found|.*was not found in the pkg-config search path)/,
			/Package '?(?<name>pixman-1|cairo|vips|libpq|pangocairo)'?.*not found/,
			/fatal error: (?<name>(?:vips\/vips8|cairo|pixman|sqlite3|libpq-fe|krb5\/krb5)(?:\.h)?): No such file/,
		],
		beside: /gyp|npm|node/,
		over: [
			'node/gyp',
			'process/unknown-command',
			'node/npm-failed',
			'python/build-other-header',
			'python/build-cairo',
			'python/build-postgresql',
		],
		means: 'canvas needs Cairo and Pango, sharp needs libvips, pg-native needs libpq.',
		next: 'Install the library’s -dev package on the box, or raise the module to a release with a ready-made binary.',
		fixes: () => [
			installDebian(
				[
					'libcairo2-dev',
					'libpango1.0-dev',
					'libjpeg-dev',
					'libgif-dev',
					'librsvg2-dev',
					'pkg-config',
					'build-essential',
				],
				'The headers that canvas and its like ask for.',
			),
		],
	},
	{
		id: 'node/gyp',
		depth: 'kind',
		title: 'A native module could not be built.',
		match: [
			/gyp ERR! (?:build error|configure error|not ok)/,
			/node-pre-gyp ERR! (?:build error|install response status 404)/,
		],
		over: ['node/npm-failed'],
		means:
			'There is no ready-made binary of it for this Node, and building it from source failed. The lines above say at what.',
		next: 'Raise the module to a release that knows this Node, or name an older Node in .nvmrc.',
	},
	{
		id: 'node/husky',
		title: ({name = 'A tool'}) => `${name} is called at the install, and is only there for development.`,
		match: [
			/(?:sh|bash): (?:line \d+: |\d+: )?(?<name>husky|lefthook|simple-git-hooks|is-ci|patch-package|lint-staged|pinst): (?:command )?not found/,
		],
		over: ['process/unknown-command', 'node/tool-missing', 'node/npm-failed'],
		means:
			'package.json calls it in “prepare” or “postinstall”. On a server the development packages are left out, and so it is not there.',
		next: 'Write "prepare": "husky || true" into package.json (patch-package belongs in dependencies), push, and deploy again.',
	},
	{
		id: 'node/tool-missing',
		title: ({name = 'A program'}) => `The build calls ${name}, which is not installed.`,
		match: [
			/(?:sh|bash): (?:line \d+: |\d+: )?(?<name>[\w@./-]+): (?:command )?not found/,
			/'(?<name>[\w.-]+)' is not recognized as an internal or external command/,
		],
		beside: /npm|yarn|pnpm|^> |\bnode\b/,
		depth: 'kind',
		over: ['node/npm-failed', 'process/unknown-command'],
		means:
			'Mostly it stands under devDependencies, and those were left out; or it was installed globally on your machine only.',
		next: ({name = 'it'}) => `Have ${name} among the packages of package.json, push, and deploy again.`,
		fixes: (_, app) => [installNodePackages(app)],
	},
	{
		id: 'node/no-start-script',
		title: ({name = 'start'}) => `package.json has no script “${name}”.`,
		match: [
			/[Mm]issing script: "?'?(?<name>[\w:.-]+)/,
			/ERR_PNPM_NO_SCRIPT +Missing script: (?<name>[\w:.-]+)/,
			/error Command "(?<name>[\w:.-]+)" not found\./,
			/Couldn't find a script named "(?<name>[^"]+)"/,
		],
		over: ['node/npm-failed'],
		means: 'It is told by a script of that name how the app is started (or built), and there is none.',
		next: ({name = 'start'}) =>
			`Add "${name}" to the scripts of package.json, or name the command itself. Push, and deploy again.`,
	},
	{
		id: 'node/no-package-json',
		title: 'There is no package.json where npm was run.',
		match: [
			/(?:code )?ENOENT.*(?:open|Could not read package\.json).*'?[^']*package\.json'?/,
			/enoent Could not read package\.json/,
			/ERR_PNPM_NO_(?:IMPORTER_MANIFEST_FOUND|PKG_MANIFEST)/,
			/Couldn't find a package\.json file in/,
		],
		over: ['files/missing', 'node/npm-failed'],
		means: 'The app lies in a subfolder of the repository, or the file was not committed.',
		next: 'Name the subfolder that has package.json, or commit it.',
	},
	{
		id: 'node/json',
		title: 'A JSON file of the app can’t be read.',
		match: [
			/code EJSONPARSE|Failed to parse package\.json|JSON\.parse Invalid package\.json/,
			/JSONParseError|Error parsing \S*(?:package|tsconfig)\S*\.json/,
		],
		over: ['node/syntax', 'node/npm-failed'],
		means: 'A comma too many, a comment, or a mark of a merge (<<<<<<<) stands in it.',
		next: 'Correct package.json (or the file that is named), push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'node/owner',
		title: 'npm may not write where it installs.',
		match: [
			/(?:code )?EACCES.*(?:npm|node_modules)/,
			/Your cache folder contains root-owned files/,
			/EACCES: permission denied, (?:mkdir|open|rename|unlink|symlink) '(?<path>[^']*(?:node_modules|\.npm|\.cache|lib\/node)[^']*)'/,
		],
		over: ['files/permission', 'node/npm-failed'],
		means: 'A folder of packages, or npm’s cache, belongs to root: npm was once run with sudo.',
		next: 'Give the folders back to the app’s user.',
	},
	{
		id: 'node/npm-failed',
		depth: 'after',
		title: 'npm ended with an error.',
		match: [
			/^(?:code )?ELIFECYCLE\b/,
			/^errno [1-9]\d*$/,
			/^command failed$|^A complete log of this run can be found in/,
			/ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL/,
		],
		beside: /npm ERR!|npm error|ELIFECYCLE/,
		means: 'What it ran failed; the lines above are its own.',
		next: 'Read the lines above the first “npm error”.',
	},
];
