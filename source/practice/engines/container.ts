import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {attempt, fed, local, told} from '../command.ts';
import {type Inheritance, readInheritance} from '../inheritance.ts';
import {locked} from '../lock.ts';
import {address, address6, boxPaths, hosts, type Place, servicesPaths} from '../place.ts';
import {boxFiles, imageName} from '../recipe.ts';
import {forwarders, makeRoot, publicRoot, writeServicesFiles} from '../services/services.ts';
import {timed} from '../timed.ts';
import type {BoxRecord, Release, Tell} from '../types.ts';
import {handOver, powerOn, writeBuildFolder} from './containerfile.ts';
import type {PracticeEngine} from './engine.ts';

type Command = 'docker' | 'podman';

/** Docker: systemd in a privileged container. */
export const docker: PracticeEngine = containerEngine('docker');

/** Podman, which takes the same words. */
export const podman: PracticeEngine = containerEngine('podman');

function containerEngine(command: Command): PracticeEngine {
	return {
		name: command,
		obstacle: () => obstacle(command),
		missingPackages: async () => [],
		installPackages: async () => undefined,
		async ensureImage(place, release, _inUse, progress) {
			const inheritance = await readInheritance();
			const image = imageName(release, inheritance);
			await locked(join(place.folder, 'locks', `image-${release}`), `the ${release} image`, 900, async () => {
				if (await exists(command, 'image', imageTag('box', image))) return;
				await timed(progress, `Making a Debian ${release} image with ${command} (once)`, tell =>
					buildImages(command, place, image, release, inheritance, tell),
				);
			});
			return image;
		},
		async startServices(place, image, certificateDays) {
			const name = containerName(place, hosts.services);
			await ensureNetwork(command, place);
			if (await containerRuns(command, name)) return;
			writeServicesFiles(place, forwarders(), certificateDays);
			await removeContainer(command, name);
			const mount = `${servicesPaths(place).practice}:/practice`;
			await attempt(
				'Starting the practice servers',
				local`${command} run --detach --name ${name} ${networkOptions(place, hosts.services)} --volume ${mount} ${imageTag('services', image)} /practice/start`,
			);
		},
		async stopServices(place) {
			const name = containerName(place, hosts.services);
			// What the servers wrote belongs to the container's root, not always to this user.
			await inside(command, name, 'find /practice -mindepth 1 -delete').catch(() => undefined);
			await removeContainer(command, name);
			await local({nothrow: true})`${command} network rm ${place.bridge}`;
			rmSync(servicesPaths(place).folder, {recursive: true, force: true});
		},
		servicesShell: async (place, script) => await inside(command, containerName(place, hosts.services), script),
		boot: (place, box) => boot(command, place, box),
		async kill(place, box) {
			await local({nothrow: true})`${command} kill ${containerName(place, box.host)}`;
		},
		running: async (place, box) => await containerRuns(command, containerName(place, box.host)),
		async bootMark(place, box) {
			const name = containerName(place, box.host);
			const {stdout} = await local({
				nothrow: true,
			})`${command} container inspect --format '{{.State.Running}} {{.State.StartedAt}}' ${name}`;
			return stdout.startsWith('true') ? stdout : undefined;
		},
		console: async (place, box, script) => await inside(command, containerName(place, box.host), script),
		erase: async (place, box) => await removeContainer(command, containerName(place, box.host)),
	};
}

async function obstacle(command: Command): Promise<string | undefined> {
	const {exitCode, stderr} = await local({nothrow: true})`${command} ps --quiet`;
	if (exitCode !== 0)
		return `no ${command} answers here (${stderr.trim().split('\n').at(-1) ?? `exit code ${exitCode}`})`;
	if (process.platform !== 'linux')
		return `${command}’s containers have no address that can be reached from this system`;
	if (command === 'podman' && process.getuid?.() !== 0) return 'podman gives a box an address of its own only as root';
	return undefined;
}

function imageTag(target: 'base' | 'box' | 'services', image: string): string {
	return `localhost/boxwizard-practice-${target}:${image}`;
}

function containerName(place: Place, host: number): string {
	return `${place.bridge}-${host}`;
}

async function exists(command: Command, kind: 'image' | 'network' | 'container', name: string): Promise<boolean> {
	const {exitCode} = await local({nothrow: true})`${command} ${kind} inspect ${name}`;
	return exitCode === 0;
}

async function containerRuns(command: Command, name: string): Promise<boolean> {
	const {stdout} = await local({nothrow: true})`${command} container inspect --format '{{.State.Running}}' ${name}`;
	return stdout.trim() === 'true';
}

async function removeContainer(command: Command, name: string): Promise<void> {
	await local({nothrow: true})`${command} rm --force --volumes ${name}`;
}

async function inside(command: Command, name: string, script: string): Promise<string> {
	const {stdout} = await fed(
		script,
	)`${command} exec --interactive ${name} env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -eu -s`;
	return stdout;
}

async function ensureNetwork(command: Command, place: Place): Promise<void> {
	if (await exists(command, 'network', place.bridge)) return;
	const subnets = [`--subnet=${place.prefix}.0/24`, '--ipv6', `--subnet=${place.prefix6}::/64`];
	await attempt('Making the practice network', local`${command} network create ${subnets} ${place.bridge}`);
}

function networkOptions(place: Place, host: number): string[] {
	return [`--network=${place.bridge}`, `--ip=${address(place, host)}`, `--ip6=${address6(place, host)}`];
}

async function buildImages(
	command: Command,
	place: Place,
	image: string,
	release: Release,
	inheritance: Inheritance,
	tell: Tell,
): Promise<void> {
	const folder = join(place.folder, 'images', `${image}.${command}`);
	writeBuildFolder(folder, release, inheritance);
	const root = publicRoot(place);
	const build = async (target: 'base' | 'box' | 'services') => {
		const tag = imageTag(target, image);
		// Docker's own proxies and name servers are the engine's affair; the host's network reaches what this machine reaches.
		await attempt(
			`Building the ${target} image`,
			told(
				local`${command} build --network=host --target ${target} --tag ${tag} --file ${folder}/Containerfile ${folder}`,
				tell,
			),
		);
	};

	await build('base');
	if (!existsSync(root.certificate)) await makePublicRoot(command, place, imageTag('base', image));
	writeFileSync(join(folder, 'public-root.pem'), readFileSync(root.certificate));
	await build('services');
	await build('box');
	rmSync(folder, {recursive: true, force: true});
}

async function makePublicRoot(command: Command, place: Place, image: string): Promise<void> {
	const {folder, certificate, key} = publicRoot(place);
	const script = `cd /tmp; ${makeRoot('Practice Public Root', 'root')}; cat root.pem root.key`;
	const made = await attempt(
		'Making a certificate authority',
		fed(script)`${command} run --rm --interactive --network=none ${image} bash -eu -s`,
	);
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const end = made.stdout.indexOf('-----BEGIN PRIVATE KEY-----');
	writeFileSync(key, made.stdout.slice(end), {mode: 0o600});
	writeFileSync(certificate, made.stdout.slice(0, end), {mode: 0o644});
}

/**
 * What systemd and a firewall need of a container, and no more: not `--privileged`, which would also hand over
 * this machine's devices. Boot replaces mounts that the engine makes read-only.
 */
const powers = [
	'--cgroupns=private',
	'--security-opt=seccomp=unconfined',
	'--security-opt=apparmor=unconfined',
	...['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_NICE', 'SYS_BOOT', 'DAC_READ_SEARCH', 'IPC_LOCK'].map(
		power => `--cap-add=${power}`,
	),
];

/** The container is its own disk: switched off and on it keeps what it had, and a reboot is a restart of it. */
async function boot(command: Command, place: Place, box: BoxRecord): Promise<void> {
	const name = containerName(place, box.host);
	if (await exists(command, 'container', name)) {
		await attempt('Booting the box', local`${command} start ${name}`);
		return;
	}

	const files = boxFiles(await readInheritance());
	const first = {'etc/hostname': files['etc/hostname'] ?? '', 'etc/hosts': files['etc/hosts'] ?? ''};
	const start = powerOn(address(place, hosts.services), first);
	const machine = ['--restart=always', '--tmpfs=/run', '--tmpfs=/run/lock', '--tmpfs=/tmp', ...powers];
	await attempt(
		'Booting the box',
		local`${command} run --detach --name ${name} ${machine} ${networkOptions(place, box.host)} ${imageTag('box', box.image)} bash -eu -c ${start}`,
	);
	const key = await attempt('Preparing the box', inside(command, name, prepareBox(place, box)));
	if (box.login !== 'key') return;
	writeFileSync(boxPaths(place, box.name).key, key, {mode: 0o600});
	chmodSync(boxPaths(place, box.name).key, 0o600);
}

/** What the provider does to a new box: host keys and root's way in; answers the private key when that is the way. */
function prepareBox(place: Place, box: BoxRecord): string {
	const common = `ssh-keygen -q -A > /dev/null
sshd=/etc/ssh/sshd_config.d/50-provider.conf`;
	if (box.login === 'password') {
		const password = readFileSync(boxPaths(place, box.name).password, 'utf8');
		return `${common}
printf 'PermitRootLogin yes\\nPasswordAuthentication yes\\n' > $sshd
chpasswd <<'END'
root:${password}
END
${handOver}
`;
	}

	return `${common}
printf 'PermitRootLogin prohibit-password\\nPasswordAuthentication no\\n' > $sshd
install -d -m 700 /root/.ssh
cd /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C provider -f provider
mv provider.pub authorized_keys
cat provider
rm provider
${handOver}
`;
}
