import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {as, pathsOf, readRelease, searchPath} from '../folders/paths.ts';
import {startFolder} from '../folders/startFolder.ts';
import {build as buildOption, folder, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';

/** What says, in a release, which command has built it: gone with its packages. */
const mark = 'venv/built';

/** Variables from stdin, which whoever runs this may not open again; then a line for a shell, without them on its stdin. */
const withInput = 'set -a; eval "$(cat)"; set +a; exec /bin/sh -c "$0" < /dev/null';

/**
 * What a release makes of its files: the static files of Django, stylesheets. The app's own user can't write there, so the deploying
 * user does it, who may not read the app's variables: root hands them over.
 */
export const build = defineStep({
	id: 'app/build',
	title: 'Build',
	why: 'The repository’s own build command makes what the app needs of its files, once in each version, beside the one that runs.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({app: options.app, user: options.user, folder, workingFolder, build: buildOption}),
	wanted: ({build}) => build !== '',
	async check($, {app}) {
		const {current, next} = pathsOf(app);
		const [release, built] = await Promise.all([
			readRelease($, app),
			$`if [ -e ${next} ]; then cat ${`${next}/${mark}`}; else cat ${`${current}/${mark}`}; fi`,
		]);
		return {release, built};
	},
	done: (facts, {build}) => facts.built === build.trim(),
	apply($, {release}, answers) {
		const {app, user, build} = answers;
		const {processEnvironment} = pathsOf(app);
		const inside = [...as(user, startFolder(release, answers)), `PATH=${searchPath(release)}`];
		$.within(60)`${inside} /bin/sh -c ${withInput} ${build.trim()} < ${processEnvironment}`;
		$`runuser -u ${user} -- sh -c 'printf "%s\\n" "$1" > "$0"' ${`${release}/${mark}`} ${build.trim()}`;
	},
});
