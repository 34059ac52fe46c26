import type {Reached} from '../contract/status.ts';
import {type Answered, readAnswer, type Server} from '../outside/served.ts';
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

/** Looks at many apps at once, one connection each, and tells of each as soon as it is known. */
export async function lookFromHere(
	apps: readonly WatchedApp[],
	tell: (reached: Reached) => void,
	now: () => number = Date.now,
): Promise<void> {
	await pooled(apps, atOnce, async app => {
		tell({target: app.target, app: app.app, ...reachedOf(await readAnswer(app, app.domain), now())});
	});
}

/** Statuses by which a web server says that the app behind it does not answer (RFC 9110, 15.6.3 to 15.6.5). */
const inItsPlace = [502, 503, 504];

/** What a look says of an app. @param now milliseconds */
export function reachedOf(
	{certificate, problem, status = 200, unanswered}: Answered,
	now: number,
): Omit<Reached, 'target' | 'app'> {
	if (!certificate) return {state: 'silent', problem: problem ?? 'no answer'};
	const certificateDays = Math.floor((Date.parse(certificate.expires) - now) / day);
	const answer = unanswered ?? (status >= 500 ? `answers ${status}` : undefined);
	const warning = certificateDays < 0 ? 'its certificate is over' : problem;
	const problems = [answer, warning].filter(one => one !== undefined);
	if (problems.length === 0) return {state: 'up', certificateDays};
	const isSilent = unanswered !== undefined || inItsPlace.includes(status);
	return {state: isSilent ? 'silent' : 'amiss', problem: problems.join('; '), certificateDays};
}
