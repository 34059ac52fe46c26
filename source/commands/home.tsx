import {Trouble} from '../trouble.ts';
import type {HomeWizard} from './home-wizard.ts';
import {lateWizard} from './late-wizard.ts';
import {isTerminal, note} from './terminal.ts';

/** The home screen: known boxes, a new one, practice. @throws Trouble where there is no terminal for it */
export async function home(): Promise<void> {
	if (!isTerminal()) throw noTerminal();
	const {showScreens} = await import('./screens.tsx');
	let behind: HomeWizard | undefined;
	const load = async () => {
		behind = await (await import('./home-wizard.ts')).loadHomeWizard();
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
