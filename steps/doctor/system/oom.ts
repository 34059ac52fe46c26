import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {readContainer} from '../../system/os.ts';
import {atMost, linesOf} from '../words.ts';

/** The kernel kills without a word to anybody; what keeps the program running starts it again, and it looks like a hiccup. */
export const systemOom = defineExamination({
	id: 'system/oom',
	title: 'Programs killed for want of memory',
	options: z.object({}),
	async look($) {
		const [container, kernel, units, words] = await Promise.all([
			readContainer($),
			$`awk '$1 == "oom_kill" {print $2}' /proc/vmstat`,
			// Since each unit's start: cgroup v2's memory.events.
			$`grep -sE '^oom_kill [1-9]' /sys/fs/cgroup/*.slice/*/memory.events /sys/fs/cgroup/*.slice/*/*/memory.events`,
			$`[ "$(awk '$1 == "oom_kill" {print $2}' /proc/vmstat)" = 0 ] || journalctl --dmesg --boot --output=cat --no-pager --quiet --grep 'Killed process' | tail -n 5`,
		]);
		// A container reads its host's counter.
		return {kills: container === '' ? Number(kernel) : 0, units: linesOf(units), words: linesOf(words)};
	},
	judge({kills, units, words}) {
		if (kills === 0 && units.length === 0) return undefined;
		return {
			severity: 'warning',
			title: 'The kernel has killed programs for want of memory since the last boot',
			means: 'Somebody met an error, or lost a job. It happens again at the next peak.',
			evidence: atMost([
				...(kills > 0 ? [`${kills} killed since the boot`] : []),
				...units.map(line => line.replace(/^\/sys\/fs\/cgroup\//, '').replace('/memory.events:oom_kill', ': killed')),
				...words.map(line => line.slice(0, 200)),
			]),
			next: 'Fewer workers, more swap, or a bigger box. A reboot clears this count.',
		};
	},
});
