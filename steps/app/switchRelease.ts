import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {as, pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';

/** The first release becomes the one that is served: in the first of two slots. Each later one takes over from the one before (steps/process/switchOver.ts). */
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
	done: facts => facts.live !== '',
	apply($, _facts, {app, user}) {
		const {root, next} = pathsOf(app);
		$`${as(user, root)} mkdir -p slots/first slots/second`;
		$`${as(user, root)} touch slots/second/second`;
		$`${as(user, root)} bash -c ${`ln -sfnT "$(readlink -e next)" slots/first/release`}`;
		$`${as(user, root)} ln -sfnT slots/first live`;
		$`${as(user, root)} ln -sfnT live/release current`;
		$`rm -f ${next}`;
	},
	undo($, before, {app}) {
		const {root, current, next, live, slots} = pathsOf(app);
		if (before.live !== '') return;
		$`if [ -L ${current} ]; then release=$(readlink -e ${current} || true); if [ -n "$release" ]; then ln -sfnT "$release" ${next}; fi; fi`;
		$`rm -rf ${current} ${live} ${slots} ${root}/.live.boxwizard ${root}/.current.boxwizard`;
	},
});
