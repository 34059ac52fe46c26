import {useRef} from 'react';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {undoable} from '../undo/undo-route.tsx';
import {RunScreen} from './run.tsx';

const runTitles = {run: 'Setting up', check: 'Checking', undo: 'Taking back'} as const;

type Props = {
	readonly wizard: Wizard;
	readonly navigation: Navigation;
	readonly kind: 'run' | 'check' | 'undo';
	/** The one step that is to be taken back. */
	readonly id: string | undefined;
	/** The names that were typed of what is dropped. */
	readonly confirmed: readonly string[];
	/** Asks whether to leave. */
	readonly onLeave: () => void;
	/** Leaves. */
	readonly onQuit: () => void;
};

/** A set-up, a check or an undo at work, and where it leads. */
export function RunRoute(props: Props) {
	const {wizard, navigation, kind, id, confirmed, onLeave, onQuit} = props;
	const {forms, go} = navigation;
	const troubleshoots = useRef(false);
	const source = () => {
		const setup = navigation.current();
		if (kind === 'check') return wizard.check(setup);
		if (kind === 'run') return wizard.run(setup);
		const ids = undoable(wizard, navigation, id).map(({summary}) => summary.id);
		return wizard.undo(setup, ids, confirmed);
	};
	const end = async (summary: Summary) => {
		if (troubleshoots.current) return go({at: 'troubleshoot'});
		if (kind !== 'run') {
			if (kind === 'undo' && id === undefined && summary.failed.length === 0) navigation.undone();
			return go({at: 'verdict', kind, summary});
		}

		// Stopped at a failure, by choice: the set-up isn't done.
		const unfinished = forms.filter(form => form.wanted).length > touched(summary);
		if (summary.failed.length > 0 && unfinished) return onQuit();
		if (summary.failed.length === 0) navigation.arrived();
		go({at: 'done', summary, outcome: await wizard.outcome(navigation.current(), summary)});
	};
	return (
		<RunScreen
			title={runTitles[kind]}
			prefix={kind === 'undo' ? 'Taking back: ' : ''}
			source={source}
			forms={forms}
			previews={navigation.previews}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={end}
			onProgress={navigation.setProgress}
			onTroubleshoot={() => {
				troubleshoots.current = true;
			}}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={() => (kind === 'run' ? go({at: 'review'}) : navigation.toBox())}
		/>
	);
}

const touched = ({changed, inPlace, skipped, failed}: Summary): number =>
	new Set([...changed, ...inPlace, ...skipped, ...failed]).size;
