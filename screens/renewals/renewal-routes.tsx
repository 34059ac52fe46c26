import {useCallback, useEffect, useRef, useState} from 'react';
import type {BoxDue} from '../../source/contract/due.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {KnownApp} from '../../source/contract/ui/known-host.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {RunScreen} from '../run/run.tsx';
import {ConfirmRenewal} from './confirm-renewal.tsx';
import {type Reminders, Renewals} from './renewals.tsx';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

/** Looks at all boxes, and shows each as soon as it is known. */
export function RenewalsRoute({wizard, navigation}: Props) {
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
			reminders={useReminders(wizard)}
			onRenew={({target}) => navigation.go({at: 'connect', target, known: true, next: 'renew'})}
			onAgain={look}
			onBack={() => navigation.go({at: 'home'})}
		/>
	);
}

/** Whether anything reminds the person, and the keys that change it. */
function useReminders(wizard: Wizard): Reminders {
	const [isOn, setOn] = useState<boolean>();
	const [words, setWords] = useState('');
	const look = useCallback(async () => {
		const how = await wizard.reminders();
		setOn(how !== undefined);
		return how === undefined ? 'Nobody tells you before something ends: m changes that' : `You are told by ${how}`;
	}, [wizard]);
	const attempt = (work: () => Promise<string>) => {
		work().then(setWords, (error: unknown) => setWords(asTrouble(error).what));
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: looked at once, when the screen appears
	useEffect(() => attempt(look), []);
	return {
		...(isOn !== undefined && {isOn}),
		words,
		onRemind: isWanted =>
			attempt(async () => {
				const came = await wizard.remind(isWanted);
				await look();
				return came;
			}),
		onTry: () => attempt(() => wizard.tryReminder()),
	};
}

/** The opened box: shown what will run, then run; back at the list the new date is seen from outside. */
export function RenewRoute({
	wizard,
	navigation,
	confirmed,
	onLeave,
}: Props & {confirmed: boolean; onLeave: () => void}) {
	const setup = navigation.current();
	const apps = (navigation.opened?.apps ?? []).filter(({domain}) => domain !== undefined);
	const [first] = apps.toSorted((one, other) => daysOf(one) - daysOf(other));
	// What ends first is most likely meant.
	// biome-ignore lint/correctness/useExhaustiveDependencies: chosen once, when the screen appears
	useEffect(() => {
		if (!confirmed && apps.length > 1 && first) navigation.take(first.name);
	}, []);
	const back = () => {
		navigation.leaveBox();
		navigation.go({at: 'renewals'});
	};
	const {forms, commands} = wizard.renewal(setup);
	if (!confirmed) {
		const renew = () => navigation.go({at: 'renew', confirmed: true});
		return (
			<ConfirmRenewal
				commands={commands}
				apps={apps}
				app={String(setup.answers.app ?? '')}
				onChoose={navigation.take}
				onRenew={renew}
				onBack={back}
			/>
		);
	}

	return (
		<RunScreen
			title="Renewing"
			source={() => wizard.renew(navigation.current(), true)}
			forms={forms}
			previews={[]}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={back}
			onProgress={navigation.setProgress}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={back}
		/>
	);
}

/** Whole days until an app's certificate ends, as it was seen last. */
const daysOf = ({certificateDays = Number.POSITIVE_INFINITY}: KnownApp): number => certificateDays;
