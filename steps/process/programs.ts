/** The answers that say which programs an app keeps running. */
export type ProgramAnswers = {
	readonly app: string;
	readonly queue: string;
	/** Commands by the programs' own names. */
	readonly processes?: Readonly<Record<string, string>>;
};

/** What does the jobs of the app's RQ queue is called. */
export const workerOf = (app: string) => `${app}-worker`;

/** Names of the programs that an app keeps running: its server, its worker where there is a queue, and what else it names. */
export function programsOf({app, queue, processes = {}}: ProgramAnswers): string[] {
	return [app, ...(queue === '' ? [] : [workerOf(app)]), ...processesOf({app, processes})];
}

/** Of the programs that an app names itself, the names that they have on the box. */
export function processesOf({app, processes = {}}: Pick<ProgramAnswers, 'app' | 'processes'>): string[] {
	return Object.keys(processes).map(name => processName(app, name));
}

export function processName(app: string, name: string): string {
	return `${app}-${name}`;
}
