import type {BoxStatus} from '../../source/contract/status.ts';

/** What is known of the opened box, and since when it does not answer. Times in milliseconds, as Date.now() counts. */
export type Seen = {
	readonly status?: BoxStatus;
	/** When it last answered. */
	readonly at?: number;
	readonly away?: {readonly since: number; readonly why?: string};
};

export const notSeen: Seen = {};

export type Look =
	| {readonly type: 'answered'; readonly status: BoxStatus}
	/** The answer is longer in coming than a box takes that is well. */
	| {readonly type: 'late'}
	| {readonly type: 'failed'; readonly why: string};

/** What is known after one more look; what was seen last is kept while the box is away. Pure. */
export function afterLook(seen: Seen, look: Look, now: number): Seen {
	switch (look.type) {
		case 'answered':
			return {status: withSince(look.status, seen, now), at: now};
		case 'late':
			return {...seen, away: seen.away ?? {since: seen.at ?? now}};
		case 'failed':
			return {...seen, away: {since: seen.away?.since ?? seen.at ?? now, why: look.why}};
	}
}

/** The box does not say since when a program is down: from here it is known of one that was seen to fall, or was down before. */
function withSince(status: BoxStatus, {status: before}: Seen, now: number): BoxStatus {
	const apps = status.apps.map(app => {
		const old = before?.apps.find(({name}) => name === app.name);
		if (app.since !== undefined || old === undefined) return app;
		const since = old.state === app.state ? old.since : new Date(now).toISOString();
		return since === undefined ? app : {...app, since};
	});
	return {...status, apps};
}

/** What came of the last thing that was done from here. */
export type Notice = {readonly text: string; readonly bad?: true};
