import {didYouMean} from '../../../answers/nearest.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {isTerminal, note} from '../../terminal/output.ts';
import type {HomeWizard} from '../../wizard/home-wizard.ts';
import {lateWizard} from '../../wizard/late-wizard.ts';

/**
 * The home screen: known boxes, a new one, practice.
 * @param words of the command line that name no command
 * @throws Trouble where there is no such command, or no terminal for screens
 */
export async function home(words: readonly string[], commands: readonly string[]): Promise<void> {
	const [word] = words;
	if (word !== undefined) throw noCommand(word, commands);
	if (!isTerminal()) throw noTerminal();
	const {showScreens} = await import('../../terminal/screens.tsx');
	let behind: HomeWizard | undefined;
	const load = async () => {
		behind = await (await import('../../wizard/home-wizard.ts')).loadHomeWizard();
		return behind.wizard;
	};

	try {
		await showScreens(lateWizard(load), {at: 'home'});
	} finally {
		await behind?.cleanUp(note);
	}
}

function noTerminal(): Trouble {
	return new Trouble({
		what: 'The screens need a terminal.',
		means: 'Input or output is a pipe or a file, or CI is set.',
		next: 'Use a command that prints lines: boxwizard setup, check, hosts, practice --yes. See boxwizard --help.',
		code: 'no-terminal',
	});
}

function noCommand(word: string, commands: readonly string[]): Trouble {
	return new Trouble({
		what: `There is no command “${word}”.`,
		means: 'Nothing was done.',
		next: `${didYouMean(word, commands)} To set up a box: boxwizard setup root@HOST`,
		code: 'unknown-command',
	});
}
