import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {TroubleshootScreen} from './troubleshoot.tsx';

type Props = {
	readonly wizard: Wizard;
	readonly navigation: Navigation;
	readonly app: string | undefined;
	readonly onLeave: () => void;
};

/** An app that is down, run in the foreground. */
export function TroubleshootRoute({wizard, navigation, app, onLeave}: Props) {
	const {opened, setTroubleshootEnd} = navigation;
	return (
		<TroubleshootScreen
			source={() => wizard.troubleshoot(navigation.current(), app)}
			host={opened?.host ?? ''}
			onEnd={setTroubleshootEnd}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBack={navigation.toBox}
		/>
	);
}
