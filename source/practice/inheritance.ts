import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {rootCertificates} from 'node:tls';
import {local} from './command.ts';

/** What a box takes over from this machine, so that it reaches the package registries by the same ways. */
export type Inheritance = {
	/** PEM certificates this machine trusts beyond the public ones: those of a company's proxy. */
	readonly certificates: readonly string[];
	/** Lines for /etc/apt/apt.conf.d: proxies and checks. */
	readonly apt: readonly string[];
	/** Base URLs of the Debian archive and its security archive. */
	readonly mirror: string;
	readonly securityMirror: string;
	/** Lines of pip.conf's [global] section. */
	readonly pip: readonly string[];
	/** Proxy variables for /etc/environment. */
	readonly environment: readonly string[];
};

/** Where distributions keep the bundle of all trusted certificates: Debian, Fedora, Alpine and SUSE. */
const bundles = [
	'/etc/ssl/certs/ca-certificates.crt',
	'/etc/pki/tls/certs/ca-bundle.crt',
	'/etc/ssl/cert.pem',
	'/etc/ssl/ca-bundle.pem',
];

const debianArchive = 'http://deb.debian.org/debian';

/** Reads this machine's certificates, apt and pip settings. */
export async function readInheritance(): Promise<Inheritance> {
	const [apt, mirror, pip] = await Promise.all([aptLines(), debianMirror(), pipLines()]);
	return {
		certificates: extraCertificates(),
		apt,
		mirror,
		securityMirror:
			mirror === debianArchive ? `${debianArchive}-security` : mirror.replace(/\/debian\/?$/, '/debian-security'),
		pip,
		environment: proxyLines(),
	};
}

/** Debian's ca-certificates package keeps the public ones here; what its bundle has beyond them was added by someone. */
const publicFolder = '/usr/share/ca-certificates/mozilla';

function extraCertificates(): string[] {
	const packaged = existsSync(publicFolder) ? readdirSync(publicFolder).map(name => join(publicFolder, name)) : [];
	const known = new Set([...rootCertificates, ...packaged.flatMap(certificatesIn)].map(bare));
	const trusted = [process.env.NODE_EXTRA_CA_CERTS, process.env.SSL_CERT_FILE, ...bundles]
		.filter(file => file !== undefined && existsSync(file))
		.flatMap(file => certificatesIn(file ?? ''));
	const extra = new Map(trusted.map(pem => [bare(pem), `${pem}\n`]));
	return [...extra]
		.filter(([key]) => !known.has(key))
		.map(([, pem]) => pem)
		.sort();
}

function certificatesIn(file: string): string[] {
	return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** A certificate without its line breaks, to compare it by. */
function bare(pem: string): string {
	return pem.replaceAll(/\s/g, '');
}

/** The settings of apt that decide whether an archive is reached; other machines than Debian's have none. */
async function aptLines(): Promise<string[]> {
	const {stdout} = await local({nothrow: true})`apt-config dump`;
	return stdout
		.split('\n')
		.filter(line => /^Acquire::(https?::|Check-|ForceIPv|Retries)/i.test(line) && !/ "";$/.test(line))
		.filter(line => !/User-Agent|Acquire::https?::(Pipeline|Dl-Limit|AllowRedirect)/i.test(line));
}

/** The archive this machine itself installs from, when it is a Debian. */
async function debianMirror(): Promise<string> {
	const {stdout} = await local({
		nothrow: true,
	})`apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian'`;
	return (
		stdout
			.split('\n')
			.find(line => /^https?:/.test(line))
			?.replace(/\/$/, '') ?? debianArchive
	);
}

const pipKeys = [
	'index-url',
	'extra-index-url',
	'trusted-host',
	'proxy',
	'timeout',
	'default-timeout',
	'retries',
	'disable-pip-version-check',
];

/** What pip itself says it would use, from its files and its environment; folders of this machine are left out. */
async function pipLines(): Promise<string[]> {
	const {stdout} = await local({nothrow: true})`python3 -m pip config list`;
	const lines = new Map<string, string>();
	for (const line of stdout.split('\n')) {
		const [, key = '', value = ''] = /^[^.]+\.([\w-]+)='(.*)'$/.exec(line) ?? [];
		if (pipKeys.includes(key)) lines.set(key, `${key} = ${value.replaceAll('\\n', '\n\t')}`);
		if (key === 'find-links' && /^https?:/.test(value)) lines.set(key, `${key} = ${value}`);
	}

	return [...lines.values()];
}

function proxyLines(): string[] {
	const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].filter(name => process.env[name]);
	if (names.length === 0) return [];
	const direct = [process.env.no_proxy ?? process.env.NO_PROXY, 'localhost', '127.0.0.1', '::1', '.test'];
	const noProxy = direct.filter(Boolean).join(',');
	return [...names.map(name => `${name}=${process.env[name]}`), `no_proxy=${noProxy}`, `NO_PROXY=${noProxy}`];
}
