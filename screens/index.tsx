import process from 'node:process';
import {render} from 'ink';
import type {Start, Wizard} from '../source/contract/ui/wizard.ts';
import {App, type Ended} from './frame/app.tsx';
import {themeOf} from './parts/theme.ts';
import {asciiOutput} from './terminal/ascii-output.ts';
import {KeyStream} from './terminal/key-stream.ts';

export type {Ended} from './frame/app.tsx';

/**
 * Shows the app on the terminal's alternate screen until the person leaves it, or a signal ends it. Answers what is to
 * stay on the normal screen (printed by the caller) and the exit code.
 * @throws whatever the app could not show
 */
export async function showApp(wizard: Wizard, start: Start): Promise<Ended> {
	const listens = process.env.INK_SCREEN_READER === 'true';
	// Ink takes a stream for the terminal itself by these members.
	const stdin = new KeyStream(process.stdin) as unknown as NodeJS.ReadStream;
	const theme = themeOf(process.env, process.platform);
	const app = render(<App wizard={wizard} start={start} theme={theme} />, {
		stdin,
		stdout: theme.unicode ? process.stdout : asciiOutput(process.stdout),
		exitOnCtrlC: false,
		// A screen reader reads what comes: it needs the normal screen, and frames that stay.
		alternateScreen: !listens,
		incrementalRendering: !listens,
		interactive: true,
	});
	const leave = () => app.unmount();
	for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
	try {
		const ended = await app.waitUntilExit();
		return isEnded(ended) ? ended : {code: 130, lines: []};
	} finally {
		for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
	}
}

function isEnded(value: unknown): value is Ended {
	return typeof value === 'object' && value !== null && 'lines' in value && 'code' in value;
}
