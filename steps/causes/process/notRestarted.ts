import type {Cause} from '../../../source/contract/cause.ts';
import {restartApp} from '../../fixes/restart.ts';

export const notRestarted: Cause = {
	id: 'process/not-restarted',
	title: ({name = '', state}, {manager}) => `${name} is ${state} under ${manager}, but well by itself.`,
	match: [/^(?<name>\S+) is well in the foreground, but (?<state>\w+) under /],
	from: ['box'],
	means: (_, {manager, configuration}) =>
		`Nothing is wrong with the program. ${manager} gave up on it, was told to stop it, or has not read ${configuration} since it was changed.`,
	next: (_, {name, manager}) =>
		`Start it: sudo ${manager === 'supervisor' ? 'supervisorctl' : 'systemctl'} restart ${name}`,
	fixes: (_, app) => [restartApp(app)],
};
