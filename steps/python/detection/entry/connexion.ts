import {compareVersions, meets, pinOf} from '../../../reading/versions.ts';
import type {Requirement} from '../dependencies/requirements.ts';
import type {Entry} from '../project.ts';

/** Every app of Connexion is ASGI from version 3 on, its FlaskApp too (its documentation, “Migrating from Connexion 2”). The newest that fits is installed. */
export function ofConnexion(entry: Entry, requirements: readonly Requirement[]): Entry {
	if (entry.framework !== 'Connexion') return entry;
	const asked = requirements.find(({name}) => name === 'connexion')?.specifier ?? '';
	const pin = pinOf(asked);
	const isOld =
		pin === undefined ? ['3.0', '3.99'].every(version => !meets(version, asked)) : compareVersions(pin, '3') < 0;
	return isOld ? entry : {...entry, interface: 'asgi'};
}
