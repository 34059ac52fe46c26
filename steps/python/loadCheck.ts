import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {timeIsOver} from '../../source/contract/time-limit.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {inApp} from '../app/inApp.ts';
import {pathsOf} from '../folders/paths.ts';
import {startFolder} from '../folders/startFolder.ts';
import {patience} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {readTarget, targetOptions} from './server.ts';
import {servesItself} from './serving.ts';

/** As gunicorn itself finds an app: what it says of one that it does not find is known. A folder that is worked in is looked into first. */
const load = 'import sys; from gunicorn.util import import_app; import_app(sys.argv[1])';

/** What says, in a release, that it was loaded once. */
const mark = 'venv/load-checked';

/** Whole minutes, with time to spare: what is slow is told apart from what hangs once it starts beside the one that runs. */
const minutesOf = (patience: number) => Math.ceil((2 * patience) / 60);

/** A new version is loaded once, as it will run, while the old one still serves. */
export const loadCheck = defineStep({
	id: 'app/loadCheck',
	title: 'Try the release',
	why: 'gunicorn loads a new version once, beside the one that runs. A version that would die at its start is found out before any visitor meets it.',
	needs: ['app/dependencies', 'app/environment'],
	options: z.object({
		app: options.app,
		user: options.user,
		patience,
		...targetOptions,
	}),
	async check($, answers) {
		const {current, next} = pathsOf(answers.app);
		const [wsgi, prepared, live, loaded, manage] = await Promise.all([
			readTarget($, answers),
			$`[ -e ${next} ] && echo yes`,
			$`readlink -e ${current}`,
			$`[ ${`${next}/${mark}`} -nt ${`${next}/venv/installed`} ] && echo yes`,
			$`[ -f ${`${startFolder(next, answers)}/manage.py`} ] && echo yes`,
		]);
		return {wsgi, prepared, live, loaded, manage};
	},
	// The first version has nobody to disturb; one that listens by itself is no module that could be loaded.
	done: (facts, answers) => facts.prepared === '' || facts.live === '' || facts.loaded !== '' || servesItself(answers),
	apply($, {wsgi, manage}, answers) {
		const {app, user} = answers;
		const minutes = minutesOf(answers.patience);
		const {next} = pathsOf(app);
		const inside = [...inApp(app, next, startFolder(next, answers)), `${next}/venv/bin/python`];
		$.within(minutes)`${inside} -c ${load} ${wsgi}`;
		// Django's own look at settings, models and addresses.
		if (manage !== '') $.within(minutes)`${inside} manage.py check`;
		$`runuser -u ${user} -- touch ${`${next}/${mark}`}`;
	},
	explain,
});

function explain(log: readonly string[]): TroubleParts | undefined {
	const evidence = log.filter(line => line.trim() !== '' && !line.startsWith('$ ')).slice(-12);
	const over = log.map(line => timeIsOver.exec(line)).find(match => match !== null);
	if (over) {
		const minutes = over.groups?.minutes ?? '';
		return {
			what: `The new version was still loading after ${minutes === '1' ? 'a minute' : `${minutes} minutes`}: it hangs at its start.`,
			means: 'It was ended. The version before it runs on, and visitors notice nothing.',
			next: 'Look for what its code waits for while it is imported (another service, an address that does not answer, a loop), mend it, commit and push, then deploy again. Where it only needs longer, raise “Time to start”.',
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
