import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {attempt, fed, local, told} from '../command.ts';
import {archivesFolder, ensureImage, imagePaths} from '../image.ts';
import {readInheritance} from '../inheritance.ts';
import {address, boxPaths, hosts, type Place, servicesPaths} from '../place.ts';
import {daemonIdentity, daemonRuns, descendant, startDaemon, stopDaemon} from '../services/daemon.ts';
import {forwarders, writeServicesFiles} from '../services/services.ts';
import {timed} from '../timed.ts';
import type {BoxRecord} from '../types.ts';
import {until} from '../wait.ts';
import type {PracticeEngine} from './engine.ts';
import {attachHost, detachHost, lowerNetwork, namespaceOf, raiseNetwork} from './network.ts';
import {childrenOf, identify} from './process.ts';

/** Each needed program with the Debian package that has it. */
const programs = {
	mmdebstrap: 'mmdebstrap',
	'systemd-nspawn': 'systemd-container',
	ip: 'iproute2',
	iptables: 'iptables',
	unshare: 'util-linux',
} as const;

/** systemd-nspawn(1): a whole Debian with systemd as its first process, as root on Linux. */
export const nspawn: PracticeEngine = {
	name: 'nspawn',
	async obstacle() {
		if (process.platform !== 'linux') return 'systemd-nspawn is only on Linux';
		if (process.getuid?.() !== 0) return 'systemd-nspawn needs root (start boxwizard with sudo)';
		const missing = await nspawn.missingPackages();
		const {exitCode} = await local({nothrow: true})`command -v apt-get`;
		if (missing.length > 0 && exitCode !== 0)
			return `${missing.join(', ')} must be installed, and there is no apt-get here`;
		return undefined;
	},
	async missingPackages() {
		const names = Object.keys(programs);
		const {stdout} = await local({
			nothrow: true,
		})`for name in ${names}; do command -v $name >/dev/null || echo $name; done; [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo keyring`;
		const byName: Readonly<Record<string, string>> = {...programs, keyring: 'debian-archive-keyring'};
		return stdout.split('\n').flatMap(name => byName[name] ?? []);
	},
	async installPackages(progress) {
		const packages = await nspawn.missingPackages();
		if (packages.length === 0) return;
		await timed(progress, `Installing ${packages.join(', ')}`, async tell => {
			await attempt(
				'Installing packages',
				told(
					local`export DEBIAN_FRONTEND=noninteractive; apt-get update -q; apt-get install -y -q --no-install-recommends ${packages}`,
					tell,
				),
			);
		});
	},
	async ensureImage(place, release, inUse, progress) {
		return await ensureImage(place, release, await readInheritance(), inUse, progress);
	},
	async startServices(place, image, certificateDays) {
		const paths = servicesPaths(place);
		await raiseNetwork(place);
		if (daemonRuns(paths.process)) return;
		await attachHost(place, hosts.services);
		writeServicesFiles(place, forwarders(), certificateDays);
		const script = join(paths.folder, 'boot');
		writeFileSync(script, servicesBoot(place, image), {mode: 0o600});
		rmSync(paths.acmeCa, {force: true});
		startDaemon(script, {identity: paths.process, log: paths.log}, namespaceOf(place, hosts.services));
	},
	async stopServices(place) {
		const paths = servicesPaths(place);
		await stopDaemon(paths.process);
		await detachHost(place, hosts.services);
		await lowerNetwork(place);
		rmSync(paths.folder, {recursive: true, force: true});
	},
	async servicesShell(place, script) {
		const pid = descendant(servicesPaths(place).process, 'start');
		return await enter(pid ?? 0, script);
	},
	async boot(place, box) {
		const paths = boxPaths(place, box.name);
		await attachHost(place, box.host);
		for (const folder of ['upper', 'work', 'merged']) mkdirSync(join(paths.folder, folder), {recursive: true});
		const script = join(paths.folder, 'boot');
		writeFileSync(script, boxBoot(place, box), {mode: 0o600});
		startDaemon(script, {identity: paths.process, log: paths.log});
	},
	async kill(place, box) {
		await stopDaemon(boxPaths(place, box.name).process);
	},
	async running(place, box) {
		return daemonRuns(boxPaths(place, box.name).process);
	},
	async bootMark(place, box) {
		const pid = firstProcess(boxPaths(place, box.name).process);
		return pid === undefined ? undefined : JSON.stringify(identify(pid));
	},
	async console(place, box, script) {
		const {process: file} = boxPaths(place, box.name);
		const pid = await until('the box’s first process', 10, () => firstProcess(file));
		return await enter(pid, script);
	},
	async erase(place, box) {
		await detachHost(place, box.host);
		const downloaded = join(boxPaths(place, box.name).folder, 'upper/var/cache/apt/archives');
		await local({nothrow: true})`cp -aln ${downloaded}/*.deb ${archivesFolder(place)}/`;
	},
};

/** The box's own PID 1: nspawn's only child. */
function firstProcess(file: string): number | undefined {
	const container = daemonIdentity(file) && descendant(file, 'systemd-nspawn');
	return container === undefined ? undefined : childrenOf(container)[0];
}

/**
 * Runs a script where a process is: its tree, its network, its processes. A shell outside waits for it, because at a
 * shutdown the box's last act is to stop every process it sees: nsenter(1) itself, waiting, would stop along with its
 * child and hold the box back for ever.
 */
async function enter(pid: number, script: string): Promise<string> {
	const wait = 'bash -eu -s; exit $?';
	const {stdout} = await fed(
		script,
	)`nsenter --target ${pid} --mount --uts --ipc --net --pid --root --wd --no-fork -- env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c ${wait}`;
	return stdout;
}

/** The servers' start: their tree, freshly laid over the image's, and /practice in it. */
function servicesBoot(place: Place, image: string): string {
	const {folder, practice} = servicesPaths(place);
	const {box, services} = imagePaths(place, image);
	return `tree=${folder}/tree
mkdir -p $tree
mount -t tmpfs tmpfs $tree
mkdir $tree/upper $tree/work $tree/root
mount -t overlay overlay -o lowerdir=${services}:${box},upperdir=$tree/upper,workdir=$tree/work $tree/root
mount -t proc proc $tree/root/proc
mount --rbind /dev $tree/root/dev
mkdir $tree/root/practice
mount --bind ${practice} $tree/root/practice
echo 'nameserver 127.0.0.1' > $tree/root/etc/resolv.conf
exec chroot $tree/root /practice/start
`;
}

/** A box's power switch: its tree, once its first settings, and systemd-nspawn again and again while it reboots (133). */
function boxBoot(place: Place, box: BoxRecord): string {
	const {folder} = boxPaths(place, box.name);
	const namespace = namespaceOf(place, box.host);
	return `tree=${folder}/merged
if [ ! -e ${folder}/prepared ]; then
	${shareArchives(place, folder)}
fi
mount -t overlay overlay -o lowerdir=${imagePaths(place, box.image).box},upperdir=${folder}/upper,workdir=${folder}/work $tree
touch ${folder}/netns
mount --bind /run/netns/${namespace} ${folder}/netns
# nspawn must find nothing of this machine's own systemd.
mount -t tmpfs tmpfs /run
# A hybrid cgroup tree would be handed on as it is; boxes get the unified one, and a group of their own in it.
umount -R /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/${namespace}
echo $$ > /sys/fs/cgroup/${namespace}/cgroup.procs
if [ ! -e ${folder}/prepared ]; then
${prepareBox(place, box)}
	touch ${folder}/prepared
fi
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
# A box that may set the clock turns this machine's: the first zone that the kernel is told moves it (settimeofday(2)).
while :; do
	code=0
	systemd-nspawn --quiet --directory=$tree --machine=${box.name} --register=no --keep-unit \\
		--network-namespace-path=${folder}/netns --resolv-conf=off --timezone=off --capability=all --drop-capability=CAP_SYS_TIME \\
		--link-journal=no --console=pipe --boot < /dev/null || code=$?
	[ $code = 133 ] || exit $code
done
`;
}

/**
 * Packages already downloaded, as links: two boxes must not wait for one another's apt lock, nor clean each other's away.
 * Straight into the overlay's upper folder, since links do not reach across file systems.
 */
function shareArchives(place: Place, folder: string): string {
	const upper = `${folder}/upper/var/cache/apt/archives`;
	return `install -d -m 755 ${folder}/upper ${folder}/upper/var ${folder}/upper/var/cache ${folder}/upper/var/cache/apt ${upper}
	find ${archivesFolder(place)}/ -maxdepth 1 -name '*.deb' -exec cp -l -t ${upper} {} +`;
}

/** What the provider does to a new box: host keys, name server, and root's way in. */
function prepareBox(place: Place, box: BoxRecord): string {
	const {password, key} = boxPaths(place, box.name);
	const common = `	chroot $tree ssh-keygen -q -A
	echo 'nameserver ${address(place, hosts.services)}' > $tree/etc/resolv.conf
	sshd=$tree/etc/ssh/sshd_config.d/50-provider.conf`;
	if (box.login === 'password') {
		return `${common}
	printf 'PermitRootLogin yes\\nPasswordAuthentication yes\\n' > $sshd
	{ printf root:; cat ${password}; } | chroot $tree chpasswd`;
	}

	return `${common}
	printf 'PermitRootLogin prohibit-password\\nPasswordAuthentication no\\n' > $sshd
	install -d -m 700 $tree/root/.ssh
	chroot $tree ssh-keygen -q -t ed25519 -N '' -C provider -f /root/.ssh/provider
	mv $tree/root/.ssh/provider ${key}
	mv $tree/root/.ssh/provider.pub $tree/root/.ssh/authorized_keys`;
}
