import type {Probe} from '../../source/step.ts';
import {readUnits, type Unit} from '../system/units.ts';

const services = ['nginx', 'redis-server', 'mariadb', 'mysql', 'postgresql'] as const;

export type Service = (typeof services)[number];

/** The services an app stands on. Asked for together, so that all steps that ask share one answer. */
export function readServices($: Probe): Promise<Record<Service, Unit>> {
	return readUnits($, services);
}
