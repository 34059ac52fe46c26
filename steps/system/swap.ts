import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {readContainer} from './os.ts';

/** KiB. What the kernel keeps for itself is not in MemTotal, so that a box of 2 GB shows a little less. */
export const plenty = 1_900_000;
const path = '/swapfile';

/** A small box needs somewhere to put memory that is not in use: builds and databases are killed otherwise. */
export const swap = defineStep({
	id: 'system/swap',
	title: 'Add swap',
	why: 'A box with less than 2 GB runs out of memory while it builds and when its database grows. With a swap file it gets slow for a moment, without one the kernel kills the database.',
	needs: ['system/ready'],
	options: z.object({}),
	async check($) {
		const [container, memory, disk] = await Promise.all([
			readContainer($),
			$`grep -E '^(MemTotal|SwapTotal):' /proc/meminfo`,
			$`df --output=avail / | tail -n 1`,
		]);
		const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
		return {
			// A container swaps where its host lets it.
			byHost: container !== '',
			memory: kilobytes('MemTotal'),
			swap: kilobytes('SwapTotal'),
			free: Number(disk),
		};
	},
	done: facts => facts.byHost || facts.swap > 0 || facts.memory >= plenty,
	apply($, facts) {
		const megabytes = swapSize(facts);
		// Empty and closed to others before there is anything in it; without copy-on-write where the filesystem has that (btrfs).
		$`install --mode=0600 /dev/null ${path}`;
		$`chattr +C ${path} 2>/dev/null || true`;
		$`fallocate --length=${megabytes}MiB ${path} || dd if=/dev/zero of=${path} bs=1M count=${megabytes} status=none`;
		$`mkswap ${path}`;
		$`swapon ${path}`;
		$.line('/etc/fstab', `${path} none swap sw 0 0`, `^${path}[[:space:]]`);
	},
	undo($, before) {
		if (before.byHost || before.swap > 0 || before.memory >= plenty) return;
		$.restore('/etc/fstab');
		$`if grep -q '^${path} ' /proc/swaps; then swapoff ${path}; fi`;
		$`rm -f ${path}`;
	},
});

/** MiB: up to 2 GiB together with the memory, at least 1 GiB, and never more than a third of the free disk. */
function swapSize({memory, free}: {memory: number; free: number}): number {
	const wanted = Math.max(1024, 2048 - Math.round(memory / 1024));
	const step = 128;
	return Math.floor(Math.min(wanted, free / 1024 / 3) / step) * step;
}
