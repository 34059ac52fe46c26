import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {inApp} from '../../app/inApp.ts';
import {pathsOf} from '../../folders/paths.ts';
import {startFolder} from '../../folders/startFolder.ts';
import {folder, workingFolder} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {settingsModule} from '../../python/options.ts';
import {atMost, linesOf, several} from '../words.ts';

/** What nginx does in front of the app, by Django's numbers: HSTS, and the way from http to https (steps/web/site.ts). */
const doneByNginx = ['security.W004', 'security.W005', 'security.W008', 'security.W021'];

/** What Django itself would have otherwise on a live site: `manage.py check --deploy` (its manual, “System check framework”). */
export const appDjango = defineExamination({
	id: 'app/django',
	title: 'Django’s own look at its settings',
	options: z.object({app: options.app, folder, workingFolder, settingsModule}),
	async look($, answers) {
		if (answers.settingsModule === '') return {warnings: []};
		const {current} = pathsOf(answers.app);
		const inside = inApp(answers.app, current, startFolder(current, answers));
		const said = await $`timeout 60 ${inside} python manage.py check --deploy 2>&1`;
		return {warnings: warningsIn(linesOf(said))};
	},
	judge({warnings}) {
		if (warnings.length === 0) return undefined;
		return {
			severity: 'note',
			title: `Django would have ${several(warnings.length, 'setting')} otherwise on a live site`,
			means: 'Its own check for a deployment says so. They are settings of the app: nothing on the box is wrong.',
			evidence: atMost(warnings),
			next: 'Set what you agree with in its settings module, commit and push; then deploy.',
		};
	},
});

/** '?: (security.W012) SESSION_COOKIE_SECURE is not set to True. Using …', of each the first sentence with its number. Pure. */
export function warningsIn(lines: readonly string[]): string[] {
	return lines.flatMap(line => {
		const [, id = '', text = ''] = /^\S.*?: \(([a-z_]+\.[A-Z]\d+)\) (\S.*)$/.exec(line) ?? [];
		const sentence = /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
		return id === '' || doneByNginx.includes(id) ? [] : [`${sentence.slice(0, 160)} (${id})`];
	});
}
