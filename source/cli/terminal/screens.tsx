import {showApp} from '../../../screens/index.tsx';
import type {Start, Wizard} from '../../contract/ui/wizard.ts';
import type {JoinedWizard} from '../wizard/joined-wizard.ts';
import {note, print} from './output.ts';
import {showUnsavedSecrets} from './unsaved-secrets.ts';

/** Shows the screens until the person leaves; what counts stays on the normal screen. */
export async function showScreens(wizard: Wizard & Pick<JoinedWizard, 'unsavedSecrets'>, start: Start): Promise<void> {
	try {
		const ended = await showApp(wizard, start);
		for (const line of ended.lines) print(line);
		process.exitCode = ended.code;
	} catch (error) {
		note('The screens broke off. The box is safe: the same command goes on from there.');
		throw error;
	} finally {
		await wizard.leave();
		showUnsavedSecrets(await wizard.unsavedSecrets());
	}
}
