import {render} from 'ink';
import {App, type Ended} from '../../screens/app.tsx';
import {lookOf} from '../../screens/look.ts';
import type {Start, Wizard} from '../wizard.ts';
import {note, print} from './terminal.ts';

/** Shows the screens on the alternate screen until the person leaves; what counts stays on the normal one. */
export async function showScreens(wizard: Wizard, start: Start): Promise<void> {
	const reader = process.env.INK_SCREEN_READER === 'true';
	const app = render(<App wizard={wizard} start={start} look={lookOf(process.env, process.platform)} />, {
		alternateScreen: !reader,
		incrementalRendering: !reader,
		concurrent: true,
		exitOnCtrlC: false,
	});
	const leave = (): void => app.unmount();
	process.once('SIGTERM', leave);
	process.once('SIGHUP', leave);
	try {
		const ended = (await app.waitUntilExit()) as Ended | undefined;
		for (const line of ended?.lines ?? []) print(line);
		process.exitCode = ended?.code ?? 130;
	} catch (error) {
		note('The screens broke off. The box is safe: the same command goes on from there.');
		throw error;
	} finally {
		process.off('SIGTERM', leave);
		process.off('SIGHUP', leave);
		await wizard.leave();
	}
}
