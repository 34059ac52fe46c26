import {createHash} from 'node:crypto';
import type {Inheritance} from './inheritance.ts';
import type {Release} from './types.ts';

/** What a provider's Debian image has beyond the bare minimum, as far as anyone notices. */
export const boxPackages = [
	'systemd',
	'systemd-sysv',
	'systemd-timesyncd',
	'dbus',
	'udev',
	'openssh-server',
	'sudo',
	'locales',
	'procps',
	'cron',
	'rsyslog',
	'netbase',
	'curl',
	'iproute2',
	'iputils-ping',
	'ca-certificates',
	'python3-minimal',
	'less',
	'nano',
] as const;

/** What the servers beside the boxes are made of: DNS, ACME, git over HTTPS and over SSH. */
export const servicesPackages = [
	'bind9',
	'bind9-dnsutils',
	'pebble',
	'git',
	'lighttpd',
	'lighttpd-mod-openssl',
	'openssl',
] as const;

/** Lines of sources.list: the release with its updates and security updates. */
export function sourceLines(release: Release, {mirror, securityMirror}: Inheritance): string[] {
	return [
		`deb ${mirror} ${release} main`,
		`deb ${mirror} ${release}-updates main`,
		`deb ${securityMirror} ${release}-security main`,
	];
}

/** The files, path to content, that make a fresh Debian a provider's box that knows this machine's ways out. */
export function boxFiles(inheritance: Inheritance): Readonly<Record<string, string>> {
	const files: Record<string, string> = {
		'etc/hostname': 'debian\n',
		'etc/hosts': '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n::1\tlocalhost ip6-localhost ip6-loopback\n',
		'etc/default/locale': 'LANG=C.UTF-8\n',
		'etc/environment': inheritance.environment.map(line => `${line}\n`).join(''),
	};
	if (inheritance.apt.length > 0)
		files['etc/apt/apt.conf.d/90provider'] = inheritance.apt.map(line => `${line}\n`).join('');
	const pip = ['[global]', 'cert = /etc/ssl/certs/ca-certificates.crt', ...inheritance.pip];
	files['etc/pip.conf'] = pip.map(line => `${line}\n`).join('');
	for (const [index, pem] of inheritance.certificates.entries()) {
		files[`usr/local/share/ca-certificates/provider-${index}.crt`] = pem;
	}

	return files;
}

/** Run as root inside the new image. */
export const finishBox = [
	'update-ca-certificates >/dev/null 2>&1',
	// Each box makes its own host keys and its own machine id, as a provider's box does at its first boot.
	'rm -f /etc/ssh/ssh_host_*',
	': > /etc/machine-id',
	'rm -f /var/lib/dbus/machine-id',
	// Asks for a locale and a time zone on a console nobody sits at.
	'systemctl mask systemd-firstboot.service >/dev/null 2>&1',
	// Belong to a machine with hardware of its own.
	'systemctl mask systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket >/dev/null 2>&1',
	// An engine that builds in containers has it mounted; such a box replaces it at its first boot.
	'rm -f /etc/resolv.conf 2>/dev/null || true',
].join('\n');

/** Run as root to turn a box's image into that of the servers. */
export const finishServices = [
	"printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d",
	'chmod 755 /usr/sbin/policy-rc.d',
	`DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ${servicesPackages.join(' ')}`,
	'useradd --system --home-dir /srv/git --shell /usr/bin/git-shell git',
	// An account without a usable password is locked for sshd, unless the field is `*`.
	"usermod -p '*' git",
	'mkdir -p /srv/git /run/sshd',
	"git config --system safe.directory '*'",
].join('\n');

/** Name of an image: another recipe, or other settings of this machine, give another. */
export function imageName(release: Release, inheritance: Inheritance): string {
	const recipe = [boxPackages, finishBox, finishServices, sourceLines(release, inheritance), boxFiles(inheritance)];
	const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
	return `${release}-${hash}`;
}
