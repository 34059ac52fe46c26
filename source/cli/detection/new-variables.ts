import {readSettings} from '../../../steps/app/ownVariables.ts';
import {pathsOf} from '../../../steps/folders/paths.ts';
import type {Coming} from '../../contract/coming.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {Probe} from '../../contract/step.ts';
import {asTrouble} from '../../contract/trouble.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import {readRepository} from '../../detection/clone.ts';
import {localRepository} from '../../practice/services/repository.ts';
import {findApp} from './find-app.ts';
import {isNeeded} from './variables.ts';

/** Milliseconds for a clone of the version: who waits has more to see than this. */
const patience = 60_000;
const mostVariables = 50;

/**
 * The variables that a version to come reads, that only the person knows, that have no value on the box yet, and that the live version's code does
 * not name. As the set-up finds them: read on this machine, with the person's own git. Where that can't be, it is said.
 */
export async function newVariables(
	{catalogue, probe}: {readonly catalogue: Catalogue; readonly probe: Probe},
	{kind, answers}: Setup,
	{version}: Coming,
): Promise<NonNullable<Coming['variables']>> {
	const {app, repository, folder} = answers;
	try {
		const address = String(repository);
		const source = {address: localRepository(address) ?? address, commit: version.id};
		const {tree} = await readRepository(source, AbortSignal.timeout(patience));
		const said = {kind, ...(typeof folder === 'string' && folder !== '' && {folder})};
		const found = findApp(catalogue, address, {tree, isRead: 'at the address'}, said);
		const own = (found.app?.variables ?? [])
			.filter(({name, filledWith}) => filledWith === undefined && /^\w+$/.test(name))
			.slice(0, mostVariables);
		const missing = await unknownNames(
			probe,
			String(app),
			own.map(({name}) => name),
		);
		const those = own.filter(({name}) => missing.has(name));
		const words = ({name, where}: (typeof own)[number]) => ({name, where});
		return {
			required: those.filter(isNeeded).map(words),
			optional: those.filter(one => !isNeeded(one)).map(words),
		};
	} catch (error) {
		return {required: [], optional: [], unread: asTrouble(error).what};
	}
}

/** Those that neither the app's settings nor the code of its live version have. */
async function unknownNames($: Probe, app: string, names: readonly string[]): Promise<ReadonlySet<string>> {
	if (names.length === 0) return new Set();
	const [settings, absent] = await Promise.all([
		readSettings($, app),
		$`cd ${pathsOf(app).current} && timeout 20 bash -c ${absentNames} bash ${names}`,
	]);
	const set = new Set([...settings.own, ...settings.further].map(({name}) => name));
	return new Set(absent.split('\n').filter(name => names.includes(name) && !set.has(name)));
}

const absentNames = `for name; do grep -rqwF --exclude-dir=.git --exclude-dir=venv --exclude-dir=node_modules -e "$name" . || echo "$name"; done`;
