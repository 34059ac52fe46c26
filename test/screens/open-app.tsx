import {expect, vi} from 'vitest';
import {App} from '../../screens/frame/app.tsx';
import {themeOf} from '../../screens/parts/theme.ts';
import type {Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {render} from './ink.ts';

/** The app, and hands that wait for what they expect to see before they press a key. */
export function openApp(wizard: Wizard, start: Start = {at: 'home'}) {
	const app = render(<App wizard={wizard} start={start} theme={themeOf({LANG: 'C.UTF-8'}, 'linux')} />);
	const see = (text: string | RegExp) =>
		vi.waitFor(() => expect(app.lastFrame()).toMatch(text), {timeout: 15_000, interval: 10});
	return {
		see,
		frame: () => app.lastFrame() ?? '',
		async press(keys: string, then: string | RegExp) {
			// A key comes from outside, so in a later turn than the frame it answers.
			await new Promise(setImmediate);
			app.stdin.write(keys);
			await see(then);
		},
		/** One key after the other, each on the screen that the one before it made. */
		async type(keys: string) {
			for (const key of keys) {
				await new Promise(resolve => setTimeout(resolve));
				app.stdin.write(key);
			}
		},
	};
}
