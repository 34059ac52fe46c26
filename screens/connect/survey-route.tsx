import type {Navigation} from '../navigation/navigation.ts';
import {SurveyScreen} from './survey.tsx';

/** What was found on the box that is open. */
export function SurveyRoute({navigation}: {navigation: Navigation}) {
	const {opened, go} = navigation;
	if (opened === undefined) return null;
	return <SurveyScreen opened={opened} onGoOn={() => go({at: 'repository'})} onBack={navigation.leaveBox} />;
}
