import {useEffect, useState} from 'react';
import type {BoxDue} from '../../source/contract/due.ts';
import type {Reached} from '../../source/contract/status.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {KnownHost} from '../../source/contract/ui/known-host.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {Home, type HomeChoice} from './home.tsx';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation; readonly onQuit: () => void};

/** The known boxes, and what their apps answer from here. */
export function HomeRoute({wizard, navigation, onQuit}: Props) {
	const [hosts, setHosts] = useState<readonly KnownHost[]>();
	const [reached, setReached] = useState<readonly Reached[]>([]);
	const [dues, setDues] = useState<readonly BoxDue[]>([]);
	const [trouble, setTrouble] = useState<TroubleParts>();
	useEffect(() => {
		let gone = false;
		const look = async () => {
			const known = await wizard.hosts();
			if (gone) return;
			setHosts(known.hosts);
			setDues(known.dues);
			// Only once the list is there: whoever is silent keeps nobody from choosing.
			await wizard.probe(one => gone || setReached(before => [...before, one])).catch(() => undefined);
		};
		look().catch((error: unknown) => {
			setHosts([]);
			setTrouble(asTrouble(error));
		});
		return () => {
			gone = true;
		};
	}, [wizard]);
	const choose = (choice: HomeChoice) => {
		if (choice.to === 'quit') onQuit();
		else if (choice.to === 'box') navigation.go({at: 'connect', target: choice.target, known: true});
		else if (choice.to === 'resume') navigation.go({at: 'connect', target: choice.target, known: true, resume: true});
		else if (choice.to === 'renewals') navigation.go({at: 'renewals'});
		else if (choice.to === 'doctor') navigation.go({at: 'connect', target: choice.target, known: true, next: 'doctor'});
		else if (choice.to === 'troubleshoot')
			navigation.go({at: 'connect', target: choice.target, known: true, failing: {}});
		else if (choice.to === 'forget') navigation.go({at: 'forget', target: choice.target});
		else navigation.go(choice.to === 'new' ? {at: 'target', target: ''} : {at: 'practice'});
	};
	return <Home {...{hosts, reached, dues, trouble}} canPractise={wizard.practice !== undefined} onChoose={choose} />;
}
