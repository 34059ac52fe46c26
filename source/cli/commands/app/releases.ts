import type {Release} from '../../../contract/release.ts';
import {releaseWords} from '../../../render/wording.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp, setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';

/** Lists the releases of an app that lie on its box, the newest first. @throws Trouble where the box can't be reached */
export async function releases(host: string | undefined, app: string | undefined, flags: BoxFlags): Promise<void> {
	const place = placeOf(host, app);
	const name = chosenApp(knownState(place.host), place.app);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, `boxwizard releases ${place.host} ${name}`, async () => {
		await openFor(wizard, place.host, flags, request);
		tell(await wizard.releases(setupForApp(wizard, name, request.answers)), flags);
	});
}

function tell(all: readonly Release[], {json}: BoxFlags): void {
	for (const release of all) {
		if (json) printJson({...release});
		else print(releaseWords(release));
	}
}
