import {useCallback, useRef, useState} from 'react';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {Answers, Setup} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';

export const noSetup: Setup = {kind: '', answers: {}, leftOut: []};

/** What the person answered so far, and what comes of it. */
export function useSetup(wizard: Wizard) {
	const [setup, setSetup] = useState<Setup>(noSetup);
	const [previews, setPreviews] = useState<readonly Preview[]>([]);
	// A run's reply wants the answers of this moment, not those of the last frame.
	const latest = useRef(setup);
	const change = useCallback((next: Setup) => {
		latest.current = next;
		setSetup(next);
	}, []);
	const look = useCallback(async (): Promise<readonly Preview[]> => {
		const found = await wizard.preview(latest.current);
		setPreviews(found);
		return found;
	}, [wizard]);
	const changeAnswers = (answers: Answers) => change({...latest.current, answers});
	// Of one more app nothing is kept before it is begun: the box would seem to carry it.
	const keep = () => {
		if (!latest.current.isNew) void wizard.remember(latest.current).catch(() => undefined);
	};
	return {
		setup,
		current: () => latest.current,
		change,
		changeAnswers,
		answer: (name: string, value: FieldValue) => changeAnswers({...latest.current.answers, [name]: value}),
		toggle(id: string) {
			const {leftOut} = latest.current;
			change({
				...latest.current,
				leftOut: leftOut.includes(id) ? leftOut.filter(other => other !== id) : [...leftOut, id],
			});
			keep();
		},
		keep,
		previews,
		look,
		forgetPreviews: () => setPreviews([]),
	};
}

export type SetupInHand = ReturnType<typeof useSetup>;
