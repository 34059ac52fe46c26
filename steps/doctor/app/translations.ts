import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {options} from '../../options/shared.ts';
import {translations} from '../../python/translations.ts';

/** New texts that nobody compiled. */
export const appTranslations = defineExamination({
	id: 'app/translations',
	title: 'Translations',
	options: z.object({app: options.app, user: options.user}),
	look: ($, answers) => translations.check($, answers),
	judge({release, stale}) {
		if (stale.length === 0) return undefined;
		return {
			severity: 'warning',
			title: 'Translations are older than their sources',
			means: 'The app shows old texts, or its first language.',
			evidence: stale.map(
				folder => `${release}/${folder.replace(/^\.\//, '')}: a messages.po is newer than its messages.mo`,
			),
		};
	},
	fix: () =>
		fixByStep(translations, 'Compile them', 'As `flask translate compile` does. The app reads them at its next start.'),
});
