import type {Hand, Probe} from './step.ts';

export const serviceActions = ['restart', 'stop', 'start'] as const;

export type ServiceCommand = (typeof serviceActions)[number];

/** Something on a box that can be restarted, stopped and started: a service, a program of the app, the box itself. */
export type Service = {
	/** What the person calls it: 'nginx', 'microblog'. */
	readonly name: string;
	/** Other names for it: 'mariadb'. */
	readonly also: readonly string[];
	/** What a restart interrupts; undefined for nothing: then nobody is asked. */
	readonly interrupts?: string;
	/** What stopping it interrupts, until it is started again; undefined where it is not stopped from here. */
	readonly stops?: string;
	/** What the guide would have you type for a restart. */
	readonly command: string;
	/** The box reboots by it. */
	readonly reboots?: boolean;
	/** Recorded. */
	act($: Hand, action: ServiceCommand): void;
	/** Proof that it runs, after a restart or a start. @throws Trouble */
	runs($: Probe): Promise<void>;
	/** Proof that it does not, after a stop. @throws Trouble */
	rests?($: Probe): Promise<void>;
};

/** What a service is called, and whether it may be stopped. */
export type NamedService = Pick<Service, 'name' | 'also' | 'stops'>;

/** What it interrupts, a sentence; undefined for nothing: then nobody is asked. Pure. */
export function interruptedBy({interrupts, stops}: Service, action: ServiceCommand): string | undefined {
	switch (action) {
		case 'restart':
			return interrupts;
		case 'stop':
			return stops;
		case 'start':
			return undefined;
	}
}

/** Whether this may be done to it: what has to be there for the next login is not stopped. Pure. */
export function allows({stops}: Pick<Service, 'stops'>, action: ServiceCommand): boolean {
	return action === 'restart' || stops !== undefined;
}
