import {knownApps, knownState} from '../../boxes/known-boxes.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {placeOf} from '../../target/named-box.ts';
import {note, print, printJson} from '../../terminal/output.ts';
import {columns} from '../local/hosts.ts';

/** Prints the apps of a box, in the order in which they came, as this machine knows them: nothing is connected to. */
export async function apps(host: string | undefined, {json = false}: {readonly json?: boolean}): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const place = placeOf(host, undefined);
	const state = knownState(place.host);
	const known = knownApps(state, catalogue);
	if (json) {
		for (const app of known) printJson({event: 'app', host: state.host, ...app});
		return;
	}

	if (known.length === 0) note(`It carries none yet. Bring one: boxwizard add ${place.host}`);
	const rows = known.map(({name, kind, domain, port, certificateDays}) => [
		name,
		domain === undefined ? '' : `https://${domain}`,
		port === undefined ? '' : `port ${port}`,
		certificateDays === undefined ? '' : `certificate ${certificateDays} days`,
		repositoryOf(appNamed(state, name).answers.repository),
		kind,
	]);
	for (const row of columns(rows)) print(row);
}

const repositoryOf = (repository: unknown): string => (typeof repository === 'string' ? repository : '');
