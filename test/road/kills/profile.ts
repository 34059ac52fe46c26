import type {Told} from './wizard.ts';

/** How a step went in a run that nobody disturbed: where in it a wizard can be killed. */
export type StepProfile = {
	readonly id: string;
	/** From the first look at it to its end; 0 where there was nothing to do. */
	readonly seconds: number;
	/** Lines that its job logged. */
	readonly lines: number;
	/** Those by which dpkg says that it unpacks, sets up, removes or purges a package. */
	readonly packages: number;
};

const signs = new Set(['checking', 'arming', 'running', 'rebooting', 'proving', 'waiting', 'output']);

/** Whether an event says that it is a step's turn. */
export function isWork(told: Told, step: string): boolean {
	return signs.has(told.event) && 'step' in told && told.step === step;
}

/** Whether it says that a step is behind: set up, or taken back. */
export function isBehind(told: Told, step: string): boolean {
	return isEnd(told) && told.step === step;
}

function isEnd(told: Told): told is Extract<Told, {event: 'verified' | 'undone' | 'skipped'}> {
	return told.event === 'verified' || told.event === 'undone' || told.event === 'skipped';
}

export function isLine(told: Told, step: string): boolean {
	return told.event === 'output' && told.step === step;
}

/** A line of dpkg's while it has a package half in hand. */
export function isDpkgLine(told: Told): boolean {
	return (
		told.event === 'output' && /^(?:Unpacking|Setting up|Removing|Purging configuration files for) /.test(told.line)
	);
}

/** What an undisturbed run tells of its steps, in their order. */
export function profileOf(told: readonly Told[]): StepProfile[] {
	return told.filter(isEnd).map(({event, step: id, at}) => {
		const first = event !== 'skipped' && told.find(one => isWork(one, id));
		const lines = told.filter(one => isLine(one, id));
		return {
			id,
			seconds: first ? (at - first.at) / 1000 : 0,
			lines: lines.length,
			packages: lines.filter(isDpkgLine).length,
		};
	});
}
