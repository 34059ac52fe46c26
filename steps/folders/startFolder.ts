import {appFolder} from './paths.ts';

/** Where an app lies in a release, and in which folder there it is started; '' for none of its own. */
export type Place = {readonly folder: string; readonly workingFolder: string};

/** Where an app is started in a release: its modules are found from there. */
export function startFolder(release: string, {folder, workingFolder}: Place): string {
	return appFolder(appFolder(release, folder), workingFolder);
}
