import type {BoxDue} from '../../contract/due.ts';
import {openMemory} from '../../renewals/memory.ts';
import {rememberedDue} from '../../renewals/survey.ts';
import {watchedBoxes} from './watched-boxes.ts';

/** The dates of all boxes of this machine as they are remembered, without looking. */
export function rememberedDues(): BoxDue[] {
	const memory = openMemory().read();
	return watchedBoxes([]).map(box => rememberedDue(box, memory, Date.now()));
}
