import type {Probe} from '../../source/step.ts';

/** How systemd sees a unit. */
export type Unit = {
	readonly installed: boolean;
	/** Starts with the box. */
	readonly enabled: boolean;
	readonly active: boolean;
};

/** Asks for several units in one process. */
export async function readUnits<Name extends string>($: Probe, names: readonly Name[]): Promise<Record<Name, Unit>> {
	const answer = await $`systemctl show --property=LoadState,UnitFileState,ActiveState ${names}`;
	const blocks = answer.split('\n\n');
	return Object.fromEntries(names.map((name, index) => [name, unit(blocks[index] ?? '')])) as Record<Name, Unit>;
}

function unit(block: string): Unit {
	const lines = block.split('\n');
	return {
		installed: lines.includes('LoadState=loaded'),
		enabled: lines.includes('UnitFileState=enabled'),
		active: lines.includes('ActiveState=active'),
	};
}

/** Which of these packages the box lacks. One listing of all packages serves every step that asks. */
export async function readMissing($: Probe, names: readonly string[]): Promise<string[]> {
	const answer = await $`dpkg-query --show --showformat='\${db:Status-Abbrev}\${Package}\n' | sed -n 's/^.i //p'`;
	const installed = new Set(answer.split('\n'));
	return names.filter(name => !installed.has(name));
}
