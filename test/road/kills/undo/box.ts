import {cpSync, rmSync} from 'node:fs';
import {saveState} from '../../boxes/saved-state.ts';
import {snapshot} from '../../boxes/snapshot.ts';
import {type RepeatableBox, repeatableBox} from '../box.ts';
import {withoutTimes} from '../generated.ts';
import {endOf} from '../walk.ts';
import type {Wizard} from '../wizard.ts';

/** The first app stands under supervisor with MariaDB, a worker and a job at a fixed time; between them they have all that can be taken back. */
const first = ['supervisor=supervisor', 'cron=nightly=0 3 * * * true'];
const others = {
	blog: ['database=postgresql', 'supervisor=systemd', 'processes=clock=sleep infinity', 'cron=nightly=@daily true'],
	notes: ['database=sqlite', 'queue=', 'supervisor=supervisor'],
} as const;

/** What is taken back: everything, or one app whose database server nobody else wants. */
export const commands = {
	undo: ['--all', '--confirm', 'blog', '--confirm', 'notes'],
	remove: ['blog', '--confirm', 'blog'],
} as const;
export type Command = keyof typeof commands;

/** One box, set up once, which is had back as often as one likes: its disk, and what this machine remembers. */
export type FinishedBox = {
	readonly place: RepeatableBox;
	/** As it was before it was set up. */
	readonly bare: ReadonlySet<string>;
	/** With one app. */
	readonly withOne: () => Promise<void>;
	/** With three. */
	readonly withAll: () => Promise<void>;
	readonly take: (command: Command) => Wizard;
};

/** @throws Error where the box can't be set up */
export async function finishedBox(name: string): Promise<FinishedBox> {
	const place = await repeatableBox(name);
	try {
		await place.startOver();
		const bare = await stateOf(place);
		await wellEnded(place.start('setup', ...given(first)), 'the set-up');
		const withOne = await keep(place, 'one');
		for (const [app, answers] of Object.entries(others)) {
			const own = [`app=${app}`, `domain=${app}.${place.box.zone}`, ...answers];
			await wellEnded(place.start('add', '--repository', place.box.repository, ...given(own)), `adding ${app}`);
		}

		const withAll = await keep(place, 'all');
		return {place, bare, withOne, withAll, take: command => place.start(command, ...commands[command])};
	} catch (error) {
		await place.remove();
		throw error;
	}
}

/** All that a box is, with the databases on it and their users; times in names are left out. */
export async function stateOf({box}: RepeatableBox): Promise<ReadonlySet<string>> {
	const databases =
		await box.console(`own="schema_name not in ('information_schema', 'performance_schema', 'mysql', 'sys')"
if command -v mysql > /dev/null; then mysql -BNe "select 'database', schema_name from information_schema.schemata where $own; select 'login', user, host from mysql.user"; fi
if command -v psql > /dev/null; then cd /; runuser -u postgres -- psql -XAt -c "select 'database', datname from pg_database union all select 'login', rolname from pg_roles where rolcanlogin"; fi
true`);
	return withoutTimes(new Set([...(await snapshot(box)), ...databases.split('\n').filter(line => line !== '')]));
}

const given = (answers: readonly string[]) => answers.flatMap(answer => ['--set', answer]);

async function wellEnded(wizard: Wizard, which: string): Promise<void> {
	const faults = await endOf(wizard, which);
	if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** Keeps box and journals as they are now. @returns the way back */
async function keep({box, journals}: RepeatableBox, name: string): Promise<() => Promise<void>> {
	const boxAgain = await saveState(box, name);
	const kept = `${journals}-${name}`;
	cpSync(journals, kept, {recursive: true});
	return async () => {
		await boxAgain();
		rmSync(journals, {recursive: true});
		cpSync(kept, journals, {recursive: true});
	};
}
