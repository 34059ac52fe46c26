import {useCallback, useEffect, useRef, useState} from 'react';
import type {BoxDue} from '../../source/contract/due.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Wizard} from '../../source/contract/wizard.ts';
import type {Journey} from '../journey/journey.ts';
import {RunScreen} from '../run/run.tsx';
import {ConfirmRenewal} from './confirm-renewal.tsx';
import {Renewals} from './renewals.tsx';

type Props = {readonly wizard: Wizard; readonly journey: Journey};

/** Looks at all boxes, and shows each as soon as it is known. */
export function RenewalsPlace({wizard, journey}: Props) {
	const [boxes, setBoxes] = useState<readonly BoxDue[]>([]);
	const [since, setSince] = useState<number>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	const looks = useRef(0);
	const look = useCallback(() => {
		looks.current += 1;
		const mine = looks.current;
		setBoxes([]);
		setTrouble(undefined);
		setSince(Date.now());
		const add = (box: BoxDue) => mine === looks.current && setBoxes(before => [...before, box]);
		const end = (problem?: TroubleParts) => {
			if (mine !== looks.current) return;
			setTrouble(problem);
			setSince(undefined);
		};
		wizard.dues(add).then(
			() => end(),
			(error: unknown) => end(asTrouble(error)),
		);
	}, [wizard]);
	useEffect(() => {
		look();
		return () => {
			// What is learnt after one has gone is for nobody.
			looks.current += 1;
		};
	}, [look]);
	return (
		<Renewals
			boxes={boxes}
			since={since}
			trouble={trouble}
			onRenew={({target}) => journey.go({at: 'connect', target, next: 'renew'})}
			onAgain={look}
			onBack={() => journey.go({at: 'home'})}
		/>
	);
}

/** The opened box: shown what will run, then run; back at the list the new date is seen from outside. */
export function RenewPlace({wizard, journey, confirmed, onLeave}: Props & {confirmed: boolean; onLeave: () => void}) {
	const road = journey.current();
	const back = () => {
		journey.leaveBox();
		journey.go({at: 'renewals'});
	};
	const {forms, commands} = wizard.renewal(road);
	if (!confirmed) {
		const renew = () => journey.go({at: 'renew', confirmed: true});
		return <ConfirmRenewal commands={commands} onRenew={renew} onBack={back} />;
	}

	return (
		<RunScreen
			title="Renewing"
			source={() => wizard.renew(journey.current(), true)}
			forms={forms}
			previews={[]}
			onChange={journey.answer}
			answers={() => journey.current().answers}
			onEnd={back}
			onProgress={journey.setProgress}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={back}
		/>
	);
}
