import type {Probe} from '../../source/contract/step.ts';

/** Which system the box runs, as os-release(5) names it. */
export type Os = {
	/** 'debian', 'ubuntu', … */
	readonly id: string;
	/** '12', '24.04'; '' on a rolling release. */
	readonly version: string;
	/** 'Debian GNU/Linux 12 (bookworm)' */
	readonly name: string;
};

export async function readOs($: Probe): Promise<Os> {
	const answer = await $`cat /etc/os-release`;
	const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(answer)?.[1] ?? '';
	return {id: value('ID'), version: value('VERSION_ID'), name: value('PRETTY_NAME')};
}

/** The kind of container the box is ('lxc', 'docker', 'systemd-nspawn'), '' where it has a kernel of its own. */
export async function readContainer($: Probe): Promise<string> {
	const answer = await $`systemd-detect-virt --container`;
	return answer === 'none' ? '' : answer;
}
