import {useApp} from 'ink';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';

/** What came of a command. */
export type Ran = {readonly text: string; readonly bad?: true};

/** Runs a command in an app of the opened box on the person's own terminal, which it has until it ends. Never throws. */
export function useRunInApp(wizard: Wizard): (app: string, words: readonly string[], called: string) => Promise<Ran> {
	const {suspendTerminal} = useApp();
	return async (app, words, called) => {
		try {
			let code = 0;
			await suspendTerminal(async () => {
				code = await wizard.runInApp(app, {run: 'command', words});
			});
			return code === 0 ? {text: `Done: ${called}`} : {text: `It ended with ${code}: ${called}`, bad: true};
		} catch (error) {
			return {text: asTrouble(error).what, bad: true};
		}
	};
}
