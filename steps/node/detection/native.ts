import type {DetectedPackage} from '../../../source/contract/detection.ts';

const compiler = ['build-essential', 'python3'];

/**
 * Modules with parts in C or C++, and what they need of Debian and Ubuntu. Most fetch a ready-made part when they are installed; where that
 * can't be had (another Node, no way to where it lies) they are compiled.
 */
const modules: Readonly<Record<string, {readonly build?: string; readonly run?: string}>> = {
	'better-sqlite3': {build: ''},
	sqlite3: {build: ''},
	bcrypt: {build: ''},
	argon2: {build: ''},
	canvas: {
		build: 'pkg-config libcairo2-dev libpango1.0-dev libjpeg-dev libgif-dev librsvg2-dev',
		run: 'libcairo2 libpango-1.0-0 libjpeg62-turbo libgif7 librsvg2-2',
	},
	'node-sass': {build: ''},
	re2: {build: ''},
	bufferutil: {build: ''},
	'utf-8-validate': {build: ''},
	'node-rdkafka': {build: 'libssl-dev libsasl2-dev zlib1g-dev'},
	libpq: {build: 'libpq-dev', run: 'libpq5'},
	'pg-native': {build: 'libpq-dev', run: 'libpq5'},
	'isolated-vm': {build: ''},
	zeromq: {build: ''},
	serialport: {build: ''},
	usb: {build: 'libudev-dev'},
	'node-pty': {build: ''},
	leveldown: {build: ''},
	couchbase: {build: 'libssl-dev'},
	microtime: {build: ''},
	farmhash: {build: ''},
	deasync: {build: ''},
	kerberos: {build: 'libkrb5-dev'},
	'node-expat': {build: ''},
	'node-libcurl': {build: 'libcurl4-openssl-dev'},
	iconv: {build: ''},
	snappy: {build: ''},
	heapdump: {build: ''},
	gl: {build: 'pkg-config libxi-dev libglu1-mesa-dev libglew-dev'},
	keytar: {build: 'libsecret-1-dev', run: 'libsecret-1-0'},
	'ffi-napi': {build: 'libffi-dev'},
	'ref-napi': {build: ''},
	'mongodb-client-encryption': {build: ''},
	'tree-sitter': {build: ''},
	'node-gyp': {build: ''},
	puppeteer: {run: 'chromium'},
	'puppeteer-core': {run: 'chromium'},
	'fluent-ffmpeg': {run: 'ffmpeg'},
	gm: {run: 'graphicsmagick'},
	imagemagick: {run: 'imagemagick'},
	'pdf-image': {run: 'poppler-utils'},
	wkhtmltopdf: {run: 'wkhtmltopdf'},
	'node-zopfli': {build: ''},
	hiredis: {build: ''},
	'@tensorflow/tfjs-node': {build: ''},
	opencv4nodejs: {build: 'cmake'},
	nodegit: {build: 'libssl-dev libkrb5-dev'},
};

/** `direct` are the packages that package.json names, `locked` those of its lock file. */
export function readNativePackages(direct: readonly string[], locked: ReadonlySet<string>): DetectedPackage[] {
	const found: DetectedPackage[] = [];
	const add = (names: string | undefined, of: string, when: DetectedPackage['when']) => {
		for (const name of (names ?? '').split(' ').filter(Boolean))
			if (!found.some(one => one.name === name && one.when === when)) found.push({name, for: of, when});
	};
	for (const name of new Set([
		...direct,
		...[...locked].filter(one => !/^(?:node-gyp|bufferutil|utf-8-validate)$/.test(one)),
	])) {
		const need = modules[name];
		if (need?.build !== undefined) for (const tool of compiler) add(tool, name, 'build');
		add(need?.build, name, 'build');
		// Programs are called by what package.json names, hardly by what lies deeper.
		if (direct.includes(name)) add(need?.run, name, 'run');
	}

	return found;
}
