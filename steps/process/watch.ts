import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {otherConfigurations} from './processManager.ts';
import {slotFunctions} from './slotFunctions.ts';
import {readSlots, settlerOf, verdictOf} from './slots.ts';

/** A new version is watched for some seconds once it is live. The box does that by itself (settle.ts); this waits for what it says. */
export const watch = defineStep({
	id: 'process/watch',
	title: 'Watch it run',
	why: 'A new version that ends soon after its start is caught here: the one before still runs for a while, and takes over again at once.',
	needs: ['process/web'],
	options: z.object({app: options.app, supervisor: options.supervisor}),
	async check($, {app, supervisor}) {
		const {isSettling, verdict} = await readSlots($, app, otherConfigurations(supervisor, app));
		return {isWatched: isSettling && verdict === '', verdict};
	},
	done: ({isWatched, verdict}) => !isWatched && verdict !== 'back',
	apply($, _facts, {app, supervisor}) {
		const {root} = pathsOf(app);
		const follow = `# Wait until the box has watched it for a while
app=${app} root=${root} first_port=0 second_port=0
${slotFunctions(supervisor)}
until [ -s ${verdictOf(app)} ] || ! systemctl is-active --quiet ${settlerOf(app)}; do sleep 0.1; done
if [ "$(cat ${verdictOf(app)} 2> /dev/null)" != back ]; then exit 0; fi
rm -f ${verdictOf(app)}
echo 'Its last lines:'
words "$(other "$(live)")" | tail -n 25
exit 1`;
		$`bash -c ${follow}`;
	},
	explain,
});

function explain(log: readonly string[]): TroubleParts | undefined {
	const at = log.indexOf('Its last lines:');
	if (at === -1) return undefined;
	return {
		what: 'The new version ended some seconds after it had become live.',
		means: 'The version before has taken over again: it still ran.',
		next: 'Read its last lines below: they name what is missing or wrong. Mend it, commit and push, then deploy again.',
		evidence: log.slice(at + 1).filter(line => line.trim() !== ''),
		code: 'release-ends-later',
	};
}
