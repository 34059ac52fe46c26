import {execFileSync} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {engineNamed, type PracticeBox} from '../../../source/practice/index.ts';
import {boxPaths, placeIn} from '../../../source/practice/place.ts';
import {until} from '../../../source/practice/wait.ts';

/** Seconds a box may take to shut down. */
const shutdownSeconds = 60;

/**
 * Keeps all that a systemd-nspawn box has on disk, so that a test can break it and have it back; the box is shut down
 * and booted for it. Answers the way back, which may be gone as often as one likes.
 * @param name of this state, where a box has several
 */
export async function saveState(box: PracticeBox, name = 'first'): Promise<() => Promise<void>> {
	const {folder} = boxPaths(placeIn(), box.name);
	const [disk, saved] = [join(folder, 'upper'), join(folder, `saved-${name}`)];
	await shutDown(box);
	copy(disk, saved);
	await boot(box);
	return async () => {
		await box.kill();
		copy(saved, disk);
		await boot(box);
	};
}

/** Until every service has started, or failed to. */
async function boot(box: PracticeBox): Promise<void> {
	await box.boot();
	await box.console('systemctl is-system-running --wait || true');
}

async function shutDown(box: PracticeBox): Promise<void> {
	const engine = engineNamed(box.engine);
	// The shell that asks for it may itself be cut off.
	await box.console('systemctl poweroff').catch(() => undefined);
	const off = async () => !(await engine.running(placeIn(), {name: box.name} as never));
	await until('the box to shut down', shutdownSeconds, off);
}

/** With owners, modes, extended attributes, and the device nodes that say "deleted" to overlayfs. */
function copy(from: string, to: string): void {
	if (existsSync(to)) rmSync(to, {recursive: true, force: true});
	execFileSync('cp', ['-a', '--reflink=auto', from, to]);
}
