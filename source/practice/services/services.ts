import {randomBytes} from 'node:crypto';
import {copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {isIPv4, isIPv6} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Secret} from '../../contract/secret.ts';
import {address, address6, hosts, type Place, servicesPaths} from '../place.ts';
import type {PracticeServices} from '../types.ts';
import {acmeDirectory, acmeHost, acmeManagement, pebbleConfiguration, pebbleEnvironment} from './authority.ts';
import {namedConfiguration, tsigFile, tsigName, zone, zoneFile} from './nameserver.ts';
import {
	deployRepository,
	gitHost,
	gitignore,
	gitSshdConfiguration,
	lighttpdConfiguration,
	linkRepositories,
	makeRepository,
	repository,
} from './repository.ts';

/** Where the sample app's files are: beside this module, in the source as in the bundle. */
const sample = fileURLToPath(new URL('sample', import.meta.url));

/** Shell command that makes a certificate authority: `FILE.pem` and `FILE.key`. */
export function makeRoot(title: string, file: string): string {
	return `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=${title}' -keyout ${file}.key -out ${file}.pem 2>/dev/null`;
}

/** The root that signs the git host's certificate; in every box's store, made once per folder. */
export function publicRoot(place: Place) {
	const folder = join(place.folder, 'public-root');
	return {folder, certificate: join(folder, 'root.pem'), key: join(folder, 'root.key')} as const;
}

/**
 * Starts the four servers in their tree and ends when one of them does. Keys and certificates are made at the first start:
 * one root for the git host, which boxes trust as they trust any public site, and one for the ACME server's own
 * HTTPS, which nobody trusts unless told to.
 */
const start = `#!/bin/bash
set -eu
umask 077
cd /practice
${linkRepositories}
site() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$2" -CA $1-ca.pem -CAkey $1-ca.key \\
		-addext "subjectAltName=DNS:$2" -addext basicConstraints=critical,CA:FALSE -keyout $1.key -out $1.pem 2>/dev/null
}
if [ ! -e ready ]; then
	${makeRoot('Practice ACME Root', 'acme-ca')}
	site git ${gitHost}
	site acme ${acmeHost}
	ssh-keygen -q -t ed25519 -N '' -C '' -f ssh_host_ed25519_key
	install -m 644 /dev/null deploy_keys
	${makeRepository.replaceAll('\n', '\n\t')}
	chmod -R go+rX /srv/git/
	touch ready
fi
chmod 755 /practice
mkdir -p zone /run/sshd && cp initial.zone zone/${zone} && rm -f zone/*.jnl
named -g -c /practice/named.conf &
${pebbleEnvironment} pebble -config /practice/pebble.json -dnsserver 127.0.0.1:53 &
lighttpd -D -f /practice/lighttpd.conf &
/usr/sbin/sshd -D -e -f /practice/sshd_config &
wait -n
`;

/**
 * Writes what the servers' root sees as /practice, and answers nothing new when it is there already.
 * The files are the same under every engine.
 */
export function writeServicesFiles(place: Place, forwarders: readonly string[], certificateDays?: number): void {
	const {practice} = servicesPaths(place);
	mkdirSync(practice, {recursive: true, mode: 0o700});
	const files = {
		'named.conf': namedConfiguration(forwarders),
		'initial.zone': zoneFile(place),
		'pebble.json': pebbleConfiguration(certificateDays),
		'lighttpd.conf': lighttpdConfiguration,
		sshd_config: gitSshdConfiguration,
		start,
	};
	for (const [name, content] of Object.entries(files)) writeFileSync(join(practice, name), content, {mode: 0o700});
	const key = join(practice, 'tsig.key');
	if (!existsSync(key)) writeFileSync(key, tsigFile(randomBytes(32).toString('base64')), {mode: 0o600});
	copyFileSync(publicRoot(place).certificate, join(practice, 'git-ca.pem'));
	copyFileSync(publicRoot(place).key, join(practice, 'git-ca.key'));
	cpSync(sample, join(practice, 'sample'), {recursive: true});
	writeFileSync(join(practice, 'sample', '.gitignore'), gitignore);
}

/** What there is to know about running servers. */
export function describeServices(place: Place): PracticeServices {
	const {practice, acmeCa, tsig} = servicesPaths(place);
	const [, secret = ''] = /secret "([^"]+)"/.exec(readFileSync(tsig, 'utf8')) ?? [];
	const hostKey = readFileSync(join(practice, 'ssh_host_ed25519_key.pub'), 'utf8').trim();
	return {
		nameserver: address(place, hosts.services),
		nameserver6: address6(place, hosts.services),
		zone,
		tsig: {name: tsigName, algorithm: 'hmac-sha256', secret: new Secret(secret), file: tsig},
		acmeDirectory,
		acmeCa,
		acmeManagement,
		repository,
		deployRepository,
		repositoryHostKey: `${gitHost} ${hostKey}`,
	};
}

/** TCP ports that answer when all four servers are up. */
export const servicesPorts = [53, 14_000, 443, 22] as const;

/**
 * This machine's own name servers, as far as others can ask them. Behind systemd-resolved's loopback address
 * (resolved.conf(5)) its upstream ones stand in a file of their own.
 */
export function forwarders(): string[] {
	for (const file of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
		if (!existsSync(file)) continue;
		const found = [...readFileSync(file, 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(match => match[1] ?? '');
		const usable = found.filter(one => (isIPv4(one) && !one.startsWith('127.')) || (isIPv6(one) && one !== '::1'));
		if (usable.length > 0) return usable;
	}

	return [];
}
