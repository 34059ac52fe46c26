import type {Opened, Wizard} from '../../source/contract/ui/wizard.ts';
import {Busy} from '../parts/busy.tsx';
import {useOpening} from './opening-state.ts';
import {QuestionScreen} from './question.tsx';

type Props = {
	readonly wizard: Wizard;
	/** Undefined for the practice box, which is made first. */
	readonly target: string | undefined;
	readonly onOpen: (opened: Opened) => void;
	readonly onEdit?: () => void;
	/** Where the box is known, and may be gone. */
	readonly onForget?: (() => void) | undefined;
	readonly onBack: () => void;
};

/** The way to an open box: connecting, its questions, and what goes wrong. */
export function Opening({wizard, target, onOpen, onEdit, onForget, onBack}: Props) {
	const {attempt, lines, trouble, asked, again} = useOpening(wizard, target, {onOpen, onBack});
	if (asked) {
		const {number, question, answer, giveUp} = asked;
		return <QuestionScreen key={number} question={question} onAnswer={answer} onGiveUp={giveUp} />;
	}

	const practice = target === undefined;
	return (
		<Busy
			key={attempt}
			title={practice ? 'A practice box' : 'Connecting'}
			why={
				practice
					? 'A throw-away box starts on this machine, with a name server and a certificate authority of its own. It is gone afterwards.'
					: `To ${target}, over ssh, with your own keys and settings. Nothing is touched.`
			}
			lines={lines}
			trouble={trouble}
			onRetry={again}
			onEdit={onEdit}
			onForget={onForget}
			onBack={onBack}
		/>
	);
}
