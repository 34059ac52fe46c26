import type {Answers, Setup} from '../../contract/ui/setup.ts';
import type {JournalState} from '../../state/journal-state.ts';
import {appNamed, onlyApp} from '../plans/app-setups.ts';
import type {JoinedWizard} from '../wizard/joined-wizard.ts';

/** The name of the app that is meant: the one that is named, else the only one. @throws Trouble that says which there are */
export function chosenApp(state: JournalState, app: string | undefined): string {
	if (app === undefined) return onlyApp(state);
	appNamed(state, app);
	return app;
}

/** The opened box with that app in hand, and what the flags say over it. @throws Trouble where there is no such app */
export function setupForApp(wizard: Pick<JoinedWizard, 'setupFor'>, app: string, given: Answers): Setup {
	const setup = wizard.setupFor(app);
	return {...setup, answers: {...setup.answers, ...given}};
}
