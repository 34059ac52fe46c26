import {existsSync} from 'node:fs';
import {type JournalState, stepRecords} from '../../state/journal-state.ts';
import {parseTarget} from '../../transport/target.ts';
import {journalOf} from '../boxes/known-boxes.ts';
import type {FindingFlags} from '../detection/with-found-app.ts';
import {confirm} from '../terminal/ask-terminal.ts';
import {isTerminal} from '../terminal/output.ts';
import {projectFile, writeProject} from './project-file.ts';

export type WritingFlags = FindingFlags & {
	/** Leave boxwizard.yml in this folder. */
	readonly writeFile?: boolean;
};

/**
 * Leaves boxwizard.yml in the current folder for an app that stands, where it is asked for; at a terminal, in a folder that
 * is a repository and has none, the person is asked.
 * @param before the box as it was: the app that came since is meant; otherwise the one of the last run
 */
export async function offerFile(host: string, flags: WritingFlags, before?: JournalState): Promise<void> {
	const state = journalOf(parseTarget(host))?.read();
	const app = state && standing(state, before);
	if (!state || app === undefined) return;
	const asks = isTerminal() && !flags.yes && !flags.json && existsSync('.git') && !existsSync(projectFile);
	if (!flags.writeFile && !asks) return;
	if (flags.writeFile || (await confirm(`Write ${projectFile} here, so that deploy needs no host?`))) {
		writeProject(state, app);
	}
}

/** The app that has just been set up; undefined where none was, or not to its end. */
export function standing(state: JournalState, before: JournalState | undefined): string | undefined {
	const names = Object.keys(state.apps);
	const isNew = (name: string) => Object.keys(before?.apps[name]?.steps ?? {}).length === 0;
	const app = before ? names.find(isNew) : (state.progress?.app ?? names[0]);
	const records = Object.entries(stepRecords(state)).filter(([id]) => app !== undefined && id.startsWith(`${app}:`));
	return records.length > 0 && records.every(([, {state: outcome}]) => outcome === 'done') ? app : undefined;
}
