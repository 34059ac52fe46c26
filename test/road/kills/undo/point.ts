import {chances, fits, type Kind, type Point, undoKinds} from '../point.ts';
import type {StepProfile} from '../profile.ts';
import type {Command} from './box.ts';

/** What is run between a cut and the same command again. */
export type Between = 'nothing' | 'check' | 'setup';

/** Where one seed cuts an undo off. */
export type UndoPoint = Point & {readonly command: Command; readonly between: Between};

/** What an undo that nobody disturbs tells of its steps, by the command. */
export type Profiles = Readonly<Record<Command, readonly StepProfile[]>>;

const kinds = Object.keys(undoKinds) as Kind[];
/** From one step to that of the next seed. Prime, so that many seeds meet all. */
const stride = 7;

/** The point of a seed: seeds in a row go through the kinds, and through steps of the whole list; every third one removes an app. */
export function undoPointOf(seed: number, profiles: Profiles): UndoPoint {
	const command = seed % 3 === 2 ? 'remove' : 'undo';
	const kind = kinds[seed % kinds.length] ?? 'moment';
	const fitting = profiles[command].filter(step => step.seconds > 0 && fits(step, kind));
	const step = fitting[(seed * stride) % fitting.length]?.id ?? '';
	const between = seed % 8 === 3 ? 'setup' : seed % 4 === 0 ? 'check' : 'nothing';
	return {seed, command, kind, step, share: chances(seed)(), between};
}
