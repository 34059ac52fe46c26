import {expect, test} from 'vitest';
import {mysql} from '../../../steps/services/database/server.ts';

test('a wrong password of the database’s root is named, and that nothing was changed', () => {
	const refused = "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)";
	expect(mysql.explain?.(['$ write /root/.my.cnf (0600 root:root)', refused])).toMatchObject({
		code: 'database-root-refused',
		means: expect.stringContaining('Nothing of the server was changed'),
		evidence: [refused],
	});
	expect(mysql.explain?.(['Job for mariadb.service failed.'])).toBeUndefined();
});
