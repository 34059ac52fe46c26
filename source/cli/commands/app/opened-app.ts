import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, type FromFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {note} from '../../terminal/output.ts';
import {openFor} from '../../terminal/run-in-lines.ts';
import type {Entered, JoinedWizard} from '../../wizard/joined-wizard.ts';
import {createWizard} from '../../wizard/wizard.ts';

/** An app that a command is about, and the wizard of its box. */
export type OpenedApp = {
	readonly host: string;
	readonly name: string;
	readonly wizard: JoinedWizard;
	readonly request: FromFlags;
	/** Connects. */
	enter(): Promise<Entered>;
};

/** Finds the app that is meant; nothing is connected to yet. @throws Trouble where it is not known, or several could be meant */
export async function openApp(host: string | undefined, app: string | undefined, flags: BoxFlags): Promise<OpenedApp> {
	const place = placeOf(host, app);
	const name = chosenApp(knownState(place.host), place.app);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	const say = process.stderr.isTTY ? note : () => undefined;
	return {
		host: place.host,
		name,
		wizard,
		request,
		enter: () => openFor(wizard, place.host, flags, request, say),
	};
}
