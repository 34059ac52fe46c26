import {z} from 'zod';
import type {Hand, Probe} from '../../source/contract/step.ts';
import {options} from '../options/shared.ts';
import {readUnits, type Unit, type UnitName} from '../system/units.ts';

type State = Pick<Unit, 'enabled' | 'active'>;

/** The parts of a step that has a program of the distribution run for all apps that want it, and start with the box. */
export function sharedProgram(service: string, unit: UnitName) {
	return {
		service,
		needs: ['services/packages'],
		options: z.object({services: options.services}),
		wanted: ({services}: {readonly services: readonly string[]}) => services.includes(service),
		async check($: Probe): Promise<State> {
			const {enabled, active} = (await readUnits($))[unit];
			return {enabled, active};
		},
		done: ({enabled, active}: State) => enabled && active,
		apply($: Hand) {
			$.service(unit, 'enable');
		},
	};
}

/** It is at work, and starts with the box, as it did before. One that is gone by now is no matter. */
export function runAsBefore($: Hand, unit: UnitName, {enabled, active}: State): void {
	if (!enabled) $.service(unit, 'disable');
	if (!enabled && active) $.service(unit, 'start');
	if (enabled && !active) $.service(unit, 'stop');
}
