import {useEffect, useState} from 'react';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Forgetting} from '../../source/contract/ui/known-host.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {Busy} from '../parts/busy.tsx';
import {ForgetScreen} from './forget.tsx';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation; readonly target: string};

/** Looks what this machine knows of a box, and forgets it once its name was typed; then home, where it stands no more. */
export function ForgetRoute({wizard, navigation, target}: Props) {
	const [forgetting, setForgetting] = useState<Forgetting>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	const [times, setTimes] = useState(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for every look
	useEffect(() => {
		let gone = false;
		setTrouble(undefined);
		wizard.forgetting(target).then(
			found => gone || setForgetting(found),
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, [times]);
	const home = () => navigation.go({at: 'home'});
	const forget = () => {
		wizard.forget(target).then(home, (error: unknown) => setTrouble(asTrouble(error)));
	};
	if (forgetting && !trouble) return <ForgetScreen forgetting={forgetting} onForget={forget} onBack={home} />;
	return (
		<Busy
			title="Forget a box"
			why="What this machine knows of it is looked up. Nobody is connected to."
			lines={[]}
			trouble={trouble}
			onRetry={() => setTimes(times + 1)}
			onBack={home}
		/>
	);
}
