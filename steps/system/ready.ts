import {z} from 'zod';
import {isSupported, supportedNames} from '../../source/contract/releases.ts';
import {leastRoom} from '../../source/contract/room.ts';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {readOs} from './os.ts';
import {refuseBrokenSshd} from './sshd.ts';

/** A new box is still busy with itself: its provider's first-boot script, updates, and now and then a broken install. */
export const ready = defineStep({
	id: 'system/ready',
	title: 'Wait for the box',
	why: 'A new box spends its first minutes on set-up and updates of its own. Starting in the middle of that ends in “Could not get lock”.',
	options: z.object({}),
	async check($) {
		const [os, disks, cloudInit, holders, audit, sshd] = await Promise.all([
			readOs($),
			$`df --output=target,avail,iavail / /var`,
			readCloudInit($),
			readLockHolders($),
			$`dpkg --audit; ls /var/lib/dpkg/updates`,
			refuseBrokenSshd($).catch((error: unknown) => error),
		]);
		if (!isSupported(os)) throw unsupported(os.name);
		refuseFullDisk(disks);
		// Updates restart it, and a reboot does.
		if (sshd) throw sshd;
		return {cloudInit, holders, interrupted: audit !== ''};
	},
	done: facts => facts.cloudInit !== 'running' && facts.holders.length === 0 && !facts.interrupted,
	apply($, {cloudInit}) {
		// Exit code 2 is "done, with complaints" of a provider's script; that the box is settled is all that counts here.
		if (cloudInit === 'running') $.within(30)`cloud-init status --wait || true`;
		// Of packages that are half installed, also by whoever is waited for here, apt only says that they are.
		$`mend_packages`;
	},
	undo() {
		// Waiting changed nothing, and nobody wants a half-installed package back.
	},
	notUndone: 'Packages whose installation had been interrupted stay installed.',
});

async function readCloudInit($: Probe): Promise<'absent' | 'running' | 'finished'> {
	const answer =
		await $`if [ -e /run/cloud-init/enabled ]; then ls /run/cloud-init/result.json; systemctl show --property=ActiveState cloud-final.service; fi`;
	if (answer === '') return 'absent';
	return answer.includes('result.json') || answer.includes('=failed') ? 'finished' : 'running';
}

/**
 * The processes that hold the locks of dpkg and apt: those with a lock of fcntl(2)'s (proc_locks(5)) that have one of the
 * lock files open. The inodes that stand there too are no help: on overlayfs they are not those that stat(1) tells.
 */
async function readLockHolders($: Probe): Promise<{pid: number; name: string}[]> {
	const answer = await $`awk '$2 == "POSIX" && !seen[$5]++ {print $5}' /proc/locks | while read -r pid; do
	if readlink /proc/$pid/fd/* | grep -qxE '/var/(lib/dpkg/lock(-frontend)?|lib/apt/lists/lock|cache/apt/archives/lock)'; then echo "$pid $(cat /proc/$pid/comm)"; fi; done`;
	return [...answer.matchAll(/^(\d+) (.*)$/gm)].map(([, pid, name = '']) => ({pid: Number(pid), name}));
}

function unsupported(name: string): Trouble {
	return new Trouble({
		what: `This box runs ${name || 'a system without /etc/os-release'}.`,
		means: `boxwizard knows ${supportedNames}. Nothing was touched.`,
		next: 'Have the box reinstalled with one of these (providers call it “rebuild”), then start again.',
		code: 'unsupported-system',
	});
}

/** @throws Trouble where a set-up would run out of room in the middle */
function refuseFullDisk(disks: string): void {
	for (const line of disks.split('\n').slice(1)) {
		const [target = '', kilobytes = '', inodes = ''] = line.split(/\s+/);
		const noRoom = Number(kilobytes) < leastRoom.kilobytes;
		// Filesystems without a fixed number of inodes (btrfs) answer 0 or '-'.
		const noInodes = Number(inodes) > 0 && Number(inodes) < leastRoom.inodes;
		if (!noRoom && !noInodes) continue;
		throw new Trouble({
			what: noRoom
				? `Only ${Math.round(Number(kilobytes) / 1000)} MB are free on ${target}.`
				: `Only ${inodes} more files fit on ${target} (it runs out of inodes).`,
			means: 'The set-up needs more and would break off in the middle. Nothing was touched.',
			next: '`apt-get clean` and `journalctl --vacuum-size=100M` free some; `du -xh / | sort -h | tail` shows what takes the room.',
			evidence: disks.split('\n'),
			code: 'disk-full',
		});
	}
}
