import {type AppOnBox, type Cause, type Line, sayWords} from '../../contract/diagnosis/cause.ts';
import type {Judgement} from '../../contract/diagnosis/examination.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import type {Probe} from '../../contract/step.ts';
import {diagnose} from './diagnose.ts';

/** How an examination's judgement is told by its cause. */
export type Why = {
	readonly causes: readonly Cause[];
	/** The app whose examination it is. */
	readonly appOf: ($: Probe) => Promise<AppOnBox>;
};

/**
 * A judgement, with what the programs' own words say is the cause, where one of those that are known shows in them; and
 * the cause's fix, where one that is made on the spot has something to do.
 */
export async function judgedByCause(
	{said = [], ...judgement}: Judgement,
	$: Probe,
	{causes, appOf}: Why,
): Promise<{readonly judgement: Judgement; readonly fix?: Fix}> {
	if (said.length === 0) return {judgement};
	const app = await appOf($);
	const lines = said.map((text): Line => ({from: 'log', text}));
	const [first] = diagnose(lines, causes, app);
	if (!first) return {judgement};
	const {cause, found, line} = first;
	const fixes = (cause.fixes?.(found, app) ?? []).filter(
		(fix): fix is Fix => 'step' in fix && fix.id.startsWith('fix/'),
	);
	const needed = await Promise.all(fixes.map(async ({step}) => !step.done(await step.check($, {}), {})));
	const fix = fixes.find((_, index) => needed[index]);
	const words = [cause.title, cause.means].map(text => sayWords(text, found, app));
	const shown = judgement.evidence.includes(line.text) ? [] : [line.text.slice(0, 200)];
	return {
		judgement: {
			...judgement,
			means: [judgement.means, ...words].join(' '),
			next: sayWords(cause.next, found, app),
			evidence: [...judgement.evidence, ...shown],
		},
		...(fix && {fix}),
	};
}
