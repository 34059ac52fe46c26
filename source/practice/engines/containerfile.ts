import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Inheritance} from '../inheritance.ts';
import {boxFiles, boxPackages, finishBox, finishServices, sourceLines} from '../recipe.ts';
import type {Release} from '../types.ts';

/**
 * The Containerfile of a release, with three targets: `base` (the packages), `box` and `services`.
 * Docker's Debian image is made to look like a provider's: packages are kept, services may start.
 */
export function containerfile(release: Release, inheritance: Inheritance): string {
	const sources = sourceLines(release, inheritance).map(line => `'${line}'`);
	return `FROM docker.io/library/debian:${release} AS base
COPY files/ /
RUN rm -f /etc/apt/apt.conf.d/docker-* /usr/sbin/policy-rc.d /etc/apt/sources.list.d/debian.sources \\
	&& printf '%s\\n' ${sources.join(' ')} > /etc/apt/sources.list \\
	&& apt-get update -q \\
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold ${boxPackages.join(' ')}

FROM base AS box
COPY public-root.pem /usr/local/share/ca-certificates/practice-public.crt
COPY finish-box /tmp/finish
RUN bash -eu /tmp/finish && rm /tmp/finish

FROM base AS services
COPY finish-services /tmp/finish
RUN bash -eu /tmp/finish && rm /tmp/finish
`;
}

/** Writes the folder an image is built from; the target `box` also wants `public-root.pem` in it. */
export function writeBuildFolder(folder: string, release: Release, inheritance: Inheritance): void {
	const files: Record<string, string> = {
		Containerfile: containerfile(release, inheritance),
		'finish-box': `${finishBox}\n`,
		'finish-services': `${finishServices}\n`,
	};
	for (const [path, content] of Object.entries(boxFiles(inheritance))) files[join('files', path)] = content;
	// The engine itself keeps these three while it builds.
	for (const path of ['files/etc/hostname', 'files/etc/hosts', 'files/etc/resolv.conf']) delete files[path];
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), {recursive: true});
		writeFileSync(join(folder, path), content);
	}
}

/**
 * What a container does before systemd becomes its first process: `/etc/hosts` and its like, which the engine mounts as
 * single files, become ordinary files that can be replaced; the first boot waits for `handOver`; and each boot gets a boot id of its own, as on a machine.
 * @param nameserver written to resolv.conf at the first boot
 */
export function powerOn(nameserver: string, firstFiles: Readonly<Record<string, string>>): string {
	const files = {...firstFiles, 'etc/resolv.conf': `nameserver ${nameserver}\n`};
	return `for file in hosts hostname resolv.conf; do umount /etc/$file 2>/dev/null || true; done
if [ ! -e /var/lib/practice-prepared ]; then
${Object.entries(files)
	.map(([path, content]) => `cat > /${path} <<'END'\n${content}END`)
	.join('\n')}
	mkfifo /run/first-boot
	read -r _ < /run/first-boot
	rm /run/first-boot
fi
hostname -F /etc/hostname
for tree in /sys /sys/fs/cgroup /proc/sys; do mount -o remount,rw,bind $tree || true; done
cat /proc/sys/kernel/random/uuid > /run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
exec /sbin/init`;
}

/** Ends the first boot's wait: the box has been prepared. */
export const handOver = `touch /var/lib/practice-prepared
until [ -p /run/first-boot ]; do sleep 0.02; done
echo > /run/first-boot`;
