import type {BoxDue} from '../../contract/due.ts';
import {openMemory} from '../../renewals/memory.ts';
import {rememberedDue} from '../../renewals/survey.ts';
import {knownStates} from './known-boxes.ts';
import {watchedBox} from './watched-boxes.ts';

/** The dates of boxes as they are remembered, without looking; of all that this machine knows where none are given. */
export function rememberedDues(states = knownStates()): BoxDue[] {
	const memory = openMemory().read();
	return states.map(state => rememberedDue(watchedBox(state), memory, Date.now()));
}
