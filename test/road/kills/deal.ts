import {goTogether, type Point} from './point.ts';

/** The points for the next box, first come first served, at most `most` of them; and those that are left. */
export function deal(points: readonly Point[], most: number): {readonly now: Point[]; readonly later: Point[]} {
	const now: Point[] = [];
	const later: Point[] = [];
	for (const point of points) (now.length < most && goTogether(point, now) ? now : later).push(point);
	return {now, later};
}
