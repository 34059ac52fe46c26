/** Runs a program of this machine; never throws: one that isn't there ends with 127, as in a shell. */
export type RunProgram = (
	words: readonly string[],
	input?: string,
) => Promise<{readonly code: number; readonly stdout: string; readonly stderr: string}>;

/** What starts a check every day on the person's machine. Each of its calls may be repeated. */
export interface Scheduler {
	readonly name: 'systemd' | 'cron' | 'launchd' | 'Task Scheduler';
	/** Whether it answers on this machine. */
	works(run: RunProgram): Promise<boolean>;
	/** Makes or renews the schedule. @param words the program and its arguments. @throws Trouble */
	install(run: RunProgram, words: readonly string[]): Promise<void>;
	/** Takes it away; fine where there is none. @throws Trouble */
	remove(run: RunProgram): Promise<void>;
	installed(run: RunProgram): Promise<boolean>;
	/** When it runs, in words. */
	readonly when: string;
}

/** Under which name it stands in the system's own lists. */
export const scheduleName = 'boxwizard-reminders';
