import {pathsOf, searchPath} from '../folders/paths.ts';
import {type Slot, slotRelease} from './slots.ts';

/** 'supervisor' or 'systemd': what starts a program at boot and again when it dies. */
export type ProcessManager = 'supervisor' | 'systemd';

/** A program that runs as the app's own user in a release, with the app's environment. */
export type Program = {
	/** Names its configuration, its log and its unit. */
	readonly name: string;
	readonly app: string;
	readonly description: string;
	/** An absolute path and its arguments, which no shell reads. */
	readonly words: readonly string[];
	/** Where it is started: its release, or a folder in it. */
	readonly folder: string;
	/** The slot that it is in, for the app's server: it runs that slot's release. Any other program runs the one that is served. */
	readonly slot?: Slot;
	/** A unit it should start after: 'redis-server.service'. */
	readonly after?: string;
	/** It says when it is ready (sd_notify(3)). */
	readonly notifies: boolean;
	/** It does jobs, and is given so many seconds to finish the one it is at when it is stopped. */
	readonly finishes?: number;
};

/** The link to the release that a program runs. */
export function releaseOf({app, slot}: Pick<Program, 'app' | 'slot'>): string {
	return slot === undefined ? pathsOf(app).current : slotRelease(app, slot);
}

/** Seconds that a job may take to its end when what does it is stopped. */
export const longestJob = 300;

/**
 * What every program of an app starts with, besides the app's own variables. What a release brings is found before what the system has.
 * @param release the one that is served, where nothing is said
 */
export function basicVariables(app: string, release: string = pathsOf(app).current): Readonly<Record<string, string>> {
	return {
		HOME: pathsOf(app).state,
		USER: app,
		LOGNAME: app,
		PATH: searchPath(release),
		LANG: 'C.UTF-8',
	};
}

/** Words before a program that systemd does not start itself: a shell reads the app's own variables first. */
export function withVariables(app: string): string[] {
	return ['/bin/sh', '-c', 'set -a; . "$0"; set +a; exec "$@"', pathsOf(app).processEnvironment];
}

/** A line for a shell, as the words of a program. bash gives its place to the last command of the line; dash stays before it, and a stop would reach dash alone. */
export function shellWords(line: string): string[] {
	return ['/bin/bash', '-c', line];
}
