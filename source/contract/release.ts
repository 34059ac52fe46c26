import type {Version} from './step.ts';

/** A version of an app that lies on its box, with all that it stands on. */
export type Release = Version & {
	/** Of its folder: the time it was made, UTC: '20261128T124602'. */
	readonly name: string;
	readonly isLive: boolean;
	/** Everything it stands on is there: it could be live at once. */
	readonly isWhole: boolean;
};

/**
 * Whether the code of an older release fits the tables of today: at once ('fits'), once migrations are taken back ('downgrade'), or only with
 * the tables of then ('dump').
 */
export type Fit = {
	readonly verdict: 'fits' | 'downgrade' | 'dump';
	/** Why, a line each. Texts of the repository, cleaned and cut. */
	readonly lines: readonly string[];
};
