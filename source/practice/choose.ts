import {Trouble} from '../contract/trouble.ts';
import {docker, podman} from './engines/container.ts';
import type {PracticeEngine} from './engines/engine.ts';
import {nspawn} from './engines/nspawn.ts';
import type {EngineName} from './types.ts';

const engines: readonly PracticeEngine[] = [nspawn, docker, podman];

/** @throws Trouble when there is none of that name */
export function engineNamed(name: EngineName): PracticeEngine {
	const engine = engines.find(one => one.name === name);
	if (engine) return engine;
	throw new Trouble({
		what: `There is no practice engine “${name}”.`,
		means: 'No practice box was started.',
		next: `Choose one of: ${engines.map(one => one.name).join(', ')}.`,
		code: 'practice-engine',
	});
}

/** The first engine that works on this machine: root's own containers, else Docker, else Podman. */
export async function chooseEngine(): Promise<PracticeEngine> {
	const obstacles: string[] = [];
	for (const engine of engines) {
		const obstacle = await engine.obstacle();
		if (obstacle === undefined) return engine;
		obstacles.push(`${engine.name}: ${obstacle}`);
	}

	throw new Trouble({
		what: 'No engine for practice boxes works on this machine.',
		means: 'A practice box needs root on Linux, or a running Docker or Podman.',
		next: 'Start boxwizard with sudo, start Docker, or write a Vagrantfile with --vagrantfile.',
		evidence: obstacles,
		code: 'practice-engine',
	});
}
