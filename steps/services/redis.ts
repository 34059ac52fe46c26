import {defineStep} from '../../source/contract/step.ts';
import {backups} from '../folders/paths.ts';
import {save} from '../folders/save.ts';
import {readRedisPassword} from '../options/redisPassword.ts';
import {ifBrought} from './leftovers.ts';
import {runAsBefore, sharedProgram} from './sharedProgram.ts';

const unit = 'redis-server.service';
const serverPackage = 'redis-server';

/** Its client, with the password that it asks for, if any. */
const askRedis = `REDISCLI_AUTH=$(${readRedisPassword}) redis-cli`;

/** Redis, which keeps the jobs that apps leave for later. */
export const redis = defineStep({
	...sharedProgram('redis', unit),
	id: 'services/redis',
	title: 'Redis',
	why: 'It keeps the jobs that apps leave for later, and is reached from this box only. Without it no job can be left: pages that try fail.',
	packages: () => [serverPackage],
	undo($, before) {
		save($, {
			name: 'redis',
			ending: 'rdb',
			there: ifBrought(serverPackage),
			// Started where an undo that was cut off has stopped it already.
			command: `systemctl start ${unit} >&2 && ${askRedis} save | grep -x OK >&2 && cat /var/lib/redis/dump.rdb`,
			proof: 'head -c 5 | grep -x REDIS > /dev/null',
		});
		runAsBefore($, unit, before);
		$.removePackages({step: 'services/packages', names: [serverPackage]});
	},
	notUndone: `Where it came with the apps, what it holds (jobs that wait, too) is saved into ${backups} before it goes.`,
});
