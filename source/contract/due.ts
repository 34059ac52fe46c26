import type {Certificate} from './outside.ts';

/** Days before an end at which a reminder is told, the first window first. */
export const reminderDays = [30, 14, 7, 3, 1] as const;

/** The reminder of what is over already. */
export const over = 0;

/** Days that a reboot may wait before it counts as due. */
const rebootDays = 7;

/** Lifetimes (days) from which on a certificate is one that renews itself in time, and not one that was made to end soon. */
const renewing = 40;

export type DueKind = 'certificate' | 'support' | 'registration' | 'reboot';

/** Something of a box that has a date. */
export type Due = {
	readonly kind: DueKind;
	/** 'The certificate of blog.example.com', 'Debian 12', 'A reboot (when last asked, 2026-11-14)'. */
	readonly what: string;
	/** ISO 8601, UTC: when it ends; of a reboot: since when it waits. */
	readonly on: string;
	/** Whole days until then; negative when it is over. */
	readonly days: number;
	/** The reminder whose time has come: one of `reminderDays`, or 0 when it is over. Absent while there is time. */
	readonly reminder?: number;
	/** Of a reboot: when the box said that it waits; absent when it did just now. ISO 8601, UTC. */
	readonly asked?: string;
};

/** A certificate as it is served. */
export type ServedCertificate = Certificate & {
	/** ISO 8601, UTC. */
	readonly starts: string;
};

/** What a box serves under one of its names. */
export type ServedName = {
	readonly name: string;
	/** As served now, or as last seen. */
	readonly certificate?: ServedCertificate;
	/** Why it is not as it should be: no answer (then `seen` says when there was one), another name, nobody trusts it. */
	readonly problem?: string;
	/** When it was last served; ISO 8601, UTC. Absent when it is served now. */
	readonly seen?: string;
};

/** What the box itself says of its renewals. */
export type RenewalState = {
	/** Of certbot; 'none' where there is no certbot. */
	readonly timer: 'on' | 'off' | 'none';
	/** ISO 8601, UTC. */
	readonly next?: string;
	/** The last attempt that it remembers. */
	readonly last?: {readonly at: string; readonly worked: boolean};
};

/** All dates of one box. */
export type BoxDue = {
	/** What `open` takes. */
	readonly target: string;
	readonly label: string;
	readonly host: string;
	readonly served: readonly ServedName[];
	/** Absent where the box was not asked, or did not answer. */
	readonly renewal?: RenewalState;
	/** Why the box itself did not say. */
	readonly silent?: string;
	/** What ends first comes first. */
	readonly dues: readonly Due[];
	/** What could not be learnt, in words. */
	readonly unknown: readonly string[];
};

/** Whole days from `now` (milliseconds) to a moment, rounded down; negative when it is over. */
export function daysUntil(moment: string, now: number): number {
	return Math.floor((Date.parse(moment) - now) / 86_400_000);
}

/**
 * The reminder whose time has come, of `reminderDays`. certbot renews when a third of a certificate's life is left
 * (certbot's documentation, renew_before_expiry); it gets two days for it before anybody is reminded.
 * @param lifetime of the certificate, in days; nothing for what doesn't renew itself, or has failed to
 */
export function reminderFor(days: number, lifetime?: number): number | undefined {
	if (days < 0) return over;
	const first = lifetime !== undefined && lifetime >= renewing ? Math.floor(lifetime / 3) - 2 : days;
	return reminderDays.filter(threshold => days <= Math.min(threshold, first)).at(-1);
}

/** What has a date, with its days and its reminder. */
export function dueOf(kind: Exclude<DueKind, 'reboot'>, what: string, on: string, now: number, starts?: string): Due {
	const days = daysUntil(on, now);
	const lifetime = starts === undefined ? undefined : daysUntil(on, Date.parse(starts));
	const reminder = reminderFor(days, lifetime);
	return {kind, what, on, days, ...(reminder !== undefined && {reminder})};
}

/** A reboot that waits since a moment. @param asked when the box said so, where it did not just now: it may be done since */
export function rebootDue(since: string, now: number, asked?: string): Due {
	const days = Math.min(0, -daysUntil(new Date(now).toISOString(), Date.parse(since)));
	const what = asked === undefined ? 'A reboot' : `A reboot (when last asked, ${dayOf(asked)})`;
	return {
		kind: 'reboot',
		what,
		on: since,
		days,
		...(days <= -rebootDays && {reminder: over}),
		...(asked !== undefined && {asked}),
	};
}

/** Whether something of the box wants a person: a reminder is due, a name is not served well, or the timer won't renew. */
export function wantsAttention({dues, served, renewal}: BoxDue): boolean {
	return (
		dues.some(({reminder}) => reminder !== undefined) ||
		served.some(({problem}) => problem !== undefined) ||
		failsToRenew(renewal)
	);
}

/** Whether a box has said that its certificates will not be renewed by themselves. */
export function failsToRenew(renewal: RenewalState | undefined): boolean {
	return renewal?.timer === 'off' || renewal?.last?.worked === false;
}

/** '62 days', '1 day', 'over for 3 days'; of a reboot: 'waits for 3 days'. */
export function daysWords({kind, days}: Pick<Due, 'kind' | 'days'>): string {
	const count = Math.abs(days);
	const words = `${count} ${count === 1 ? 'day' : 'days'}`;
	if (kind === 'reboot') return days === 0 ? 'waits since today' : `waits for ${words}`;
	return days < 0 ? `over for ${words}` : words;
}

/** Whether the box will renew by itself, in words. */
export function renewalWords(state: RenewalState | undefined): string {
	if (state === undefined) return '';
	if (state.timer === 'none') return 'no certbot on the box';
	const {next, last} = state;
	const timer = state.timer === 'off' ? 'its timer is off' : `its timer is on${next ? `, next ${dayOf(next)}` : ''}`;
	const attempt = last ? `last attempt ${last.worked ? 'worked' : 'failed'}, ${dayOf(last.at)}` : 'no attempt yet';
	return `${timer}; ${attempt}`;
}

/** '2026-11-21' */
export function dayOf(moment: string): string {
	return moment.slice(0, 10);
}
