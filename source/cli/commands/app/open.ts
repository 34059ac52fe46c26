import {Trouble} from '../../../contract/trouble.ts';
import {browse} from '../../../outside/browser.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {chosenApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {isTerminal, note, print, printJson} from '../../terminal/output.ts';

export type OpenFlags = {
	readonly json?: boolean;
	/** Only the address is wanted. */
	readonly print?: boolean;
};

/** Opens an app's site in the browser; prints its address where that can't be done. */
export async function open(host: string | undefined, app: string | undefined, flags: OpenFlags): Promise<void> {
	const place = placeOf(host, app);
	const state = knownState(place.host);
	const name = chosenApp(state, place.app);
	const {domain} = appNamed(state, name).answers;
	if (typeof domain !== 'string' || domain === '') throw noSite(name);
	const url = `https://${domain}/`;
	if (flags.json) return printJson({event: 'site', host: state.host, app: name, url});
	if (flags.print || !isTerminal()) return print(url);
	if (state.practice !== undefined) note('A practice box: only the name server beside it knows its name.');
	if (await browse(url)) note(`Opening ${url}`);
	else print(url);
}

function noSite(app: string): Trouble {
	return new Trouble({
		what: `${app} serves no site.`,
		means: 'There is no address to open.',
		next: 'Look at what it does: boxwizard logs HOST',
		code: 'no-site',
	});
}
