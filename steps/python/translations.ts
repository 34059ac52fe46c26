import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {as, pathsOf, readRelease} from '../folders/paths.ts';
import {options} from '../options/shared.ts';

/** Folders with a catalogue whose compiled form is missing or older. One marked fuzzy as a whole is left out by Babel too. */
const findStale = `find . -path ./venv -prune -o -path '*/LC_MESSAGES/messages.po' -print | while IFS= read -r po; do
	if sed '/^msgid/q' "$po" | grep -q '^#,.*fuzzy'; then continue; fi
	if [ ! -e "\${po%.po}.mo" ] || [ "$po" -nt "\${po%.po}.mo" ]; then echo "\${po%/*/LC_MESSAGES/*}"; fi
done | sort -u`;

/** The app's translations, compiled. */
export const translations = defineStep({
	id: 'app/translations',
	title: 'Translations',
	why: 'Translations lie in git as text, and the app reads them compiled. Without this it speaks only its first language.',
	needs: ['app/dependencies'],
	options: z.object({app: options.app, user: options.user}),
	async check($, {app}) {
		const {current, next} = pathsOf(app);
		const [release, stale] = await Promise.all([
			readRelease($, app),
			$`cd ${next} || cd ${current} || exit; eval ${findStale}`,
		]);
		return {release, stale: stale.split('\n').filter(folder => folder !== '')};
	},
	done: facts => facts.stale.length === 0,
	apply($, {release, stale}, {user}) {
		// What `flask translate compile` of the guide runs, without loading the app.
		for (const folder of stale) {
			$.within(10)`${as(user, release)} venv/bin/python -m babel.messages.frontend compile --directory ${folder}`;
		}
	},
});
