import {useEffect, useState} from 'react';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';

/** What the box was seen to be, for a plan. */
export type Looked = {
	readonly since: number;
	readonly previews?: readonly Preview[];
	readonly trouble?: TroubleParts;
	again(): Promise<readonly Preview[]>;
};

/** The box is looked at once for a plan; what was seen is kept while steps are taken out and in. */
export function useLooked(load: () => Promise<readonly Preview[]>, leftOut: readonly string[], ready: boolean): Looked {
	const [previews, setPreviews] = useState<readonly Preview[]>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	const [since] = useState(() => Date.now());
	const plan = ready ? leftOut.join(' ') : undefined;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when the plan changes, not when a function does
	useEffect(() => {
		if (plan === undefined) return;
		let gone = false;
		load().then(
			found => gone || setPreviews(found),
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, [plan]);
	return {since, previews, trouble, again: previews ? async () => previews : load};
}
