import type {AppOnBox} from '../../source/contract/cause.ts';
import type {Probe} from '../../source/contract/step.ts';
import {configurationPath, type Keeper, logPath} from '../process/manager.ts';
import {placesOf} from './paths.ts';

/** The app as the steps make it, whether its keeper knows it yet or not: of the release that is made ready, while there is one. */
export async function appOnBox($: Probe, answers: Readonly<Record<string, unknown>>): Promise<AppOnBox> {
	const name = String(answers.app);
	const keeper: Keeper = answers.supervisor === 'systemd' ? 'systemd' : 'supervisor';
	const {current, next, environment} = placesOf(name);
	const found = await $`cd ${next} || cd ${current} || exit; pwd; readlink -e .; ls -A`;
	const [folder = '', release = '', ...own] = found.split('\n');
	return {
		name,
		keeper,
		configuration: configurationPath(keeper, name),
		words: [`${folder || current}/venv/bin/python`, '-m', 'gunicorn'],
		user: name,
		folder: folder || current,
		release,
		own,
		environment,
		log: keeper === 'supervisor' ? logPath(name) : `journalctl --unit ${name}`,
		ofRoad: true,
		...(typeof answers.domain === 'string' && {domain: answers.domain}),
	};
}
