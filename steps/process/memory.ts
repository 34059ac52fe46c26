import type {Probe} from '../../source/contract/step.ts';

/** The box's memory in MB, in steps of 256: a kernel that keeps a little more for itself must not change what is made of it. */
export async function readMemory($: Probe): Promise<number> {
	const kilobytes = /^MemTotal:\s+(\d+)/m.exec(await $`grep -E '^(MemTotal|SwapTotal):' /proc/meminfo`)?.[1] ?? 0;
	return Math.ceil(Number(kilobytes) / 1024 / 256) * 256;
}
