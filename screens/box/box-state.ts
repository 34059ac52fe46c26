import {useEffect} from 'react';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Look} from '../navigation/seen.ts';

export type Pace = {
	/** Milliseconds between an answer and the next question. */
	readonly pause: number;
	/** Milliseconds after which an answer is late. */
	readonly patience: number;
};

const usual: Pace = {pause: 4000, patience: 10_000};

/** Looks at the box again and again for as long as its page is there: one question at a time. */
export function useStatus(wizard: Pick<Wizard, 'status'>, tell: (look: Look) => void, pace: Pace = usual): void {
	// biome-ignore lint/correctness/useExhaustiveDependencies: one row of looks for the life of the page
	useEffect(() => {
		let timer: NodeJS.Timeout | undefined;
		let gone = false;
		const look = async (): Promise<void> => {
			const late = setTimeout(() => gone || tell({type: 'late'}), pace.patience);
			const found: Look = await wizard.status().then(
				status => ({type: 'answered', status}),
				error => ({type: 'failed', why: asTrouble(error).what}),
			);
			clearTimeout(late);
			if (gone) return;
			tell(found);
			timer = setTimeout(() => void look(), pace.pause);
		};
		void look();
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, []);
}
