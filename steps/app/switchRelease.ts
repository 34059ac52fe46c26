import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {as, pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';

/** All but the five newest: a way back is kept, and the disk does not fill up deploy by deploy. */
const dropOldest = `printf '%s\\n' */ | head -n -5 | xargs -r rm -rf --`;

/** The release that was made ready becomes the current one. */
export const switchRelease = defineStep({
	id: 'app/switchRelease',
	title: 'Switch the release',
	why: 'Only when everything of a version is in place does it become the current one, in a single move. Visitors never meet a half-made one.',
	needs: ['app/dependencies', 'app/environment', 'app/loadCheck'],
	options: z.object({app: options.app, user: options.user}),
	async check($, {app}) {
		const {current, next} = pathsOf(app);
		const [prepared, live] = await Promise.all([$`[ -e ${next} ] && echo yes`, $`readlink -e ${current}`]);
		return {prepared, live};
	},
	done: facts => facts.prepared === '' && facts.live !== '',
	apply($, {live}, {app, user}) {
		const {current, next, releases} = pathsOf(app);
		$`mv -T ${next} ${current}`;
		if (live !== '') $`${as(user, releases)} bash -c ${dropOldest}`;
	},
	undo($, before, {app}) {
		const {current, next} = pathsOf(app);
		if (before.live === '') $`if [ -L ${current} ]; then mv -T ${current} ${next}; fi`;
		else $.link(current, before.live);
	},
	abandon($, before, {app}) {
		const {current, next} = pathsOf(app);
		$`rm -f ${next}`;
		$.link(current, before.live);
	},
});
