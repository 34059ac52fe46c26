import {type Slot, slotProgram, slots} from './slots.ts';

/** The answers that say which programs an app keeps running. */
export type ProgramAnswers = {
	readonly app: string;
	readonly queue: string;
	/** Commands by the programs' own names. */
	readonly processes?: Readonly<Record<string, string>>;
};

/** What does the jobs of the app's RQ queue is called. */
export const workerOf = (app: string) => `${app}-worker`;

/** Names, as people know them, of the programs that an app keeps running: its server, its worker where there is a queue, and what else it names. */
export function programsOf({app, queue, processes = {}}: ProgramAnswers): string[] {
	return [app, ...(queue === '' ? [] : [workerOf(app)]), ...processesOf({app, processes})];
}

/** What such a program is called on the box: the server by the slot that is live, any other by its own name. */
export function programIn(slot: Slot, app: string, name: string): string {
	return name === app ? slotProgram(app, slot) : name;
}

/** Names of all programs of an app that the box may have: its server's in both slots, and those beside it. */
export function programsOnBox(answers: ProgramAnswers): string[] {
	return programsOf(answers).flatMap(name => namesOnBox(answers.app, name));
}

/** All names that such a program may have on the box. */
export function namesOnBox(app: string, name: string): string[] {
	return name === app ? slots.map(slot => slotProgram(app, slot)) : [name];
}

/** Of the programs that an app names itself, the names that they have on the box. */
export function processesOf({app, processes = {}}: Pick<ProgramAnswers, 'app' | 'processes'>): string[] {
	return Object.keys(processes).map(name => processName(app, name));
}

export function processName(app: string, name: string): string {
	return `${app}-${name}`;
}
