import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {startService} from '../../fixes/service.ts';
import {mysql, postgresql} from '../../services/database/server.ts';

export const refused: Cause = {
	id: 'database/refused',
	title: () => 'The database does not answer.',
	match: [
		/Can't connect to (?:local )?(?:MySQL|MariaDB)? ?server/,
		/connection to server (?:at|on socket) "[^"]+"(?: \([^)]*\))?(?:, port \d+)? failed: (?:Connection refused|No such file or directory|FATAL: {2}the database system is (?:starting up|shutting down))/,
		/could not connect to server: (?:Connection refused|No such file or directory)/,
		/ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):(?:3306|5432|27017)/,
		/MySQL server has gone away|Lost connection to (?:MySQL|MariaDB|server)/,
	],
	means: () => 'The app can’t reach its database server: it does not run, or it was just started and is not ready.',
	next: () => 'See why it does not run: `journalctl -u mariadb -n 50`, or -u mysql, -u postgresql.',
	fixes: (_, {isOwn}) => [
		...['mariadb', 'mysql', 'postgresql', 'mongod'].map(startService),
		...(isOwn ? [mysql, postgresql].map(step => fixByStep(step, `Set ${step.title} up again`)) : []),
	],
};
