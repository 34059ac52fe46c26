import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {timeIsOver} from '../../source/contract/time-limit.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {asApp, pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';

/** What says, in a release, that it was loaded once. */
const mark = 'venv/load-checked';

/** Far more than any app takes to load. */
const minutes = 5;

/** A new version is loaded once, as it will run, while the old one still serves. */
export const loadCheck = defineStep({
	id: 'app/loadCheck',
	title: 'Try the release',
	why: 'gunicorn loads a new version once, beside the one that runs. A version that would die at its start is found out before any visitor meets it.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({app: options.app, user: options.user, flaskApp: flaskAppOption}),
	async check($, {app, flaskApp}) {
		const {current, next} = pathsOf(app);
		const [found, prepared, live, loaded] = await Promise.all([
			readFlaskApp($, app, flaskApp),
			$`[ -e ${next} ] && echo yes`,
			$`readlink -e ${current}`,
			$`[ ${`${next}/${mark}`} -nt ${`${next}/venv/installed`} ] && echo yes`,
		]);
		return {wsgi: found.wsgi, prepared, live, loaded};
	},
	// The first version has nobody to disturb.
	done: facts => facts.prepared === '' || facts.live === '' || facts.loaded !== '',
	apply($, {wsgi}, {app, user}) {
		const {next, shared} = pathsOf(app);
		const python = `${next}/venv/bin/python`;
		$.within(
			minutes,
		)`${asApp(app, next)} ${python} -m gunicorn --config ${`${shared}/gunicorn.conf.py`} --chdir ${next} --check-config ${wsgi}`;
		$`runuser -u ${user} -- touch ${`${next}/${mark}`}`;
	},
	explain,
});

function explain(log: readonly string[]): TroubleParts | undefined {
	const evidence = log.filter(line => line.trim() !== '' && !line.startsWith('$ ')).slice(-12);
	if (log.some(line => timeIsOver.test(line))) {
		return {
			what: `The new version was still loading after ${minutes} minutes: it hangs at its start.`,
			means: 'It was ended. The version before it runs on, and visitors notice nothing.',
			next: 'Look for what its code waits for while it is imported (another service, an address that does not answer, a loop), mend it, commit and push, then deploy again.',
			evidence,
			code: 'release-hangs',
		};
	}

	return {
		what: 'The new version can’t be loaded: it would not start.',
		means: 'The version before it runs on, and visitors notice nothing.',
		next: 'Read its last lines below, mend the app, commit and push, then deploy again.',
		evidence,
		code: 'release-not-loading',
	};
}
