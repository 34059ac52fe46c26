import {z} from 'zod';
import {defineStep} from '../../source/step.ts';
import {options} from '../options.ts';
import {placesOf} from './places.ts';

/** The release that was made ready becomes the current one. */
export const goLive = defineStep({
	id: 'app/goLive',
	title: 'Switch the release',
	why: 'Only when everything of a version is in place does it become the current one, in a single move. Visitors never meet a half-made one.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({app: options.app}),
	async check($, {app}) {
		const {current, next} = placesOf(app);
		const [prepared, live] = await Promise.all([$`[ -e ${next} ] && echo yes`, $`readlink -e ${current}`]);
		return {prepared, live};
	},
	done: facts => facts.prepared === '' && facts.live !== '',
	apply($, _facts, {app}) {
		const {current, next} = placesOf(app);
		$`mv -T ${next} ${current}`;
	},
	undo($, before, {app}) {
		const {current, next} = placesOf(app);
		if (before.live === '') $`if [ -L ${current} ]; then mv -T ${current} ${next}; fi`;
		else $.link(current, before.live);
	},
});
