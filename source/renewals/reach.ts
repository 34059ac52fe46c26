import type {Reached} from '../contract/status.ts';
import {readServed, type Server, type Shown} from '../outside/served.ts';
import {pooled} from './pool.ts';

/** An app of a known box, as it is reached from here. */
export type WatchedApp = Server & {
	readonly target: string;
	readonly app: string;
	readonly domain: string;
};

/** Apps that are looked at in the same moment. */
const atOnce = 100;

const day = 86_400_000;

/** Looks at many apps at once, one handshake each, and tells of each as soon as it is known. */
export async function lookFromHere(
	apps: readonly WatchedApp[],
	tell: (reached: Reached) => void,
	now: () => number = Date.now,
): Promise<void> {
	await pooled(apps, atOnce, async app => {
		const [shown = {}] = await readServed(app, [app.domain]);
		tell({target: app.target, app: app.app, ...reachedOf(shown, now())});
	});
}

/** What a handshake says of an app. @param now milliseconds */
export function reachedOf({certificate, problem}: Shown, now: number): Omit<Reached, 'target' | 'app'> {
	if (!certificate) return {state: 'silent', problem: problem ?? 'no answer'};
	const certificateDays = Math.floor((Date.parse(certificate.expires) - now) / day);
	if (certificateDays < 0) return {state: 'amiss', problem: 'its certificate is over', certificateDays};
	return problem === undefined ? {state: 'up', certificateDays} : {state: 'amiss', problem, certificateDays};
}
