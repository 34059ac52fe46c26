import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {ConfirmUndo} from './confirm-undo.tsx';

/** The steps that are to be taken back: one of those in hand, or those of the box and all its apps. */
export function undoable(wizard: Wizard, {forms, current}: Navigation, id: string | undefined): readonly StepForm[] {
	const among = id === undefined ? wizard.allSteps(current()) : forms.filter(({summary}) => summary.id === id);
	return among.filter(({wanted}) => wanted);
}

type Props = {readonly wizard: Wizard; readonly navigation: Navigation; readonly id: string | undefined};

/** Asks before one step, or all of the box, is taken back. */
export function ConfirmUndoRoute({wizard, navigation, id}: Props) {
	const {go} = navigation;
	return (
		<ConfirmUndo
			forms={undoable(wizard, navigation, id)}
			onUndo={confirmed => go({at: 'run', kind: 'undo', id, confirmed})}
			onBack={() => (id === undefined ? navigation.toBox() : go({at: 'review', id}))}
		/>
	);
}
