import {type AppOnBox, type OpenFix, sayWords} from '../../contract/diagnosis/cause.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import type {Finding, FixOffer} from '../../contract/ui/troubleshooting.ts';
import type {Run} from '../run/run.ts';
import type {Match} from './diagnose.ts';
import {previewFix} from './preview-fix.ts';

export type AnyFix = Fix | OpenFix;

/** Findings in words, and their fixes by id: those that have something to do on the box as it is now. */
export async function offersFor(
	run: Run,
	matches: readonly Match[],
	app: AppOnBox,
	answered: boolean,
): Promise<{readonly findings: readonly Finding[]; readonly fixes: ReadonlyMap<string, AnyFix>}> {
	const fixes = new Map<string, AnyFix>();
	const findings = await Promise.all(
		matches.map(async ({cause, found, line, before}): Promise<Finding> => {
			const candidates = (cause.fixes?.(found, app) ?? []).filter(fix => answered || fix.id.startsWith('fix/'));
			const offers = await Promise.all(candidates.map(fix => offer(run, fix)));
			for (const [index, made] of offers.entries()) {
				const fix = candidates[index];
				if (made && fix) fixes.set(made.id, fix);
			}

			return {
				cause: cause.id,
				title: sayWords(cause.title, found, app),
				means: sayWords(cause.means, found, app),
				next: sayWords(cause.next, found, app),
				evidence: line,
				before,
				fixes: offers.filter(made => made !== undefined),
			};
		}),
	);
	return {findings, fixes};
}

/** Undefined where there is nothing to do, or where it can't be looked at: then it is no way out. */
async function offer(run: Run, fix: AnyFix): Promise<FixOffer | undefined> {
	const {id, title, why} = fix;
	if ('asks' in fix) return {id, title, why, asks: fix.asks};
	const preview = await previewFix(run, fix).catch(() => undefined);
	return preview?.state === 'to do' ? {id, title, why, preview} : undefined;
}
