import type {StepProfile} from './profile.ts';

/** In what way the run is cut off. All but the last two kill the wizard, with its children; those two cut the box's power too. */
export const kinds = {
	boundary: 'behind a step, before the next one runs',
	start: 'as a step’s job is started',
	moment: 'at a moment of a step’s usual time',
	line: 'at a line of its job’s log',
	unheard: 'its job has ended on the box, the wizard never heard of it',
	power: 'power lost at a moment of a step’s usual time',
	dpkg: 'power lost while dpkg has packages half in hand',
} as const;

/** What happens while an undo is at work: the same, and what leaves the wizard running. */
export const undoKinds = {
	...kinds,
	job: 'its job is killed on the box (SIGKILL), at a line of its log',
	connection: 'all connections are cut, at a line of its log',
	reboot: 'the box is rebooted, at a line of its log',
} as const;

export type Kind = keyof typeof undoKinds;

/** Whether the wizard itself is left alone: it goes on, or ends by itself. */
export function isLeftRunning(kind: Kind): boolean {
	return kind === 'job' || kind === 'connection' || kind === 'reboot';
}

/** Where one seed cuts the run off. */
export type Point = {
	readonly seed: number;
	readonly step: string;
	readonly kind: Kind;
	/** How far into the step, from 0 to 1. */
	readonly share: number;
};

const inside: readonly Kind[] = ['start', 'moment', 'line', 'unheard', 'power', 'dpkg'];
/** Steps from one boundary to that of the next even seed: spreads few of them over the whole road. Prime, so that many meet all. */
const stride = 13;

/**
 * The point of a seed. Even seeds go through the boundaries, odd ones through the kinds of points inside steps, so that any
 * row of seeds has both; the step and the moment inside are the seed's chance.
 */
export function pointOf(seed: number, profiles: readonly StepProfile[]): Point {
	const chance = chances(seed);
	const half = Math.floor(seed / 2);
	if (seed % 2 === 0) {
		return {seed, step: profiles[(half * stride) % profiles.length]?.id ?? '', kind: 'boundary', share: 1};
	}

	const kind = inside[half % inside.length] ?? 'moment';
	const fitting = profiles.filter(step => fits(step, kind));
	const step = fitting[Math.floor(chance() * fitting.length)]?.id ?? '';
	return {seed, step, kind, share: chance()};
}

/** Whether a step has such points. */
export function fits({seconds, lines, packages}: StepProfile, kind: Kind): boolean {
	if (kind === 'dpkg') return packages > 0;
	if (kind === 'moment' || kind === 'power') return seconds > 0;
	return kind === 'boundary' || lines > 0;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function chances(seed: number): () => number {
	let state = Math.imul(seed + 1, 0x9e3779b1);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Points in the order in which one road meets them; the moments inside a step come before its end. */
export function inOrder(points: readonly Point[], profiles: readonly StepProfile[]): Point[] {
	const place = ({step, kind, share}: Point) =>
		profiles.findIndex(one => one.id === step) * 10 + (kind === 'boundary' ? 9 : kind === 'unheard' ? 8 : share);
	return points.toSorted((one, other) => place(one) - place(other));
}

/** Whether a step is cut off inside once only: what is over can't be met again on the same box. */
export function goTogether(point: Point, others: readonly Point[]): boolean {
	const end = ({kind}: Point) => kind === 'boundary';
	return !others.some(other => other.step === point.step && end(other) === end(point));
}
