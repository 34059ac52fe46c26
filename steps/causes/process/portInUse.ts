import type {Cause} from '../../../source/contract/cause.ts';
import {freePort} from '../../fixes/port.ts';

export const portInUse: Cause = {
	id: 'process/port-in-use',
	title: ({port}, app) => `Another program has port ${port ?? app.port ?? ''} already.`,
	match: [
		/Connection in use: \('[^']*', (?<port>\d+)\)/,
		/EADDRINUSE:? address already in use (?:\S*:)?(?<port>\d+)/,
		/Port (?<port>\d+) is (?:already )?in use/,
		/\[Errno 98\].*[Aa]ddress already in use/,
		/bind\(\) to \S*:(?<port>\d+) failed \(98: Address already in use\)/,
	],
	means: () =>
		'Two programs can’t listen on one port. Often it is an older copy of the app that did not end, or one that was started by hand.',
	next: ({port = ''}) => `See who has it: ss -ltnp 'sport = :${port}'`,
	fixes: ({port}, app) => {
		const number = port === undefined ? app.port : Number(port);
		return number === undefined ? [] : [freePort(app, number)];
	},
};
