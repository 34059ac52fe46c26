import {useEffect, useState} from 'react';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {Busy} from '../parts/busy.tsx';

type Props = {
	readonly wizard: Wizard;
	readonly repository: string;
	/** Its default one where none is named. */
	readonly branch: string | undefined;
	readonly onFound: (found: FoundApp) => void;
	/** Goes on with an app whose files can't be read from here. */
	readonly onWithout: () => void;
	readonly onBack: () => void;
};

/** While an app's files are read, and why they can't be. */
export function ReadingScreen({wizard, repository, branch, onFound, onWithout, onBack}: Props) {
	const [attempt, setAttempt] = useState(0);
	const [trouble, setTrouble] = useState<TroubleParts>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for every attempt
	useEffect(() => {
		const ends = new AbortController();
		setTrouble(undefined);
		wizard.findApp(repository, branch, ends.signal).then(
			found => ends.signal.aborted || onFound(found),
			(error: unknown) => ends.signal.aborted || setTrouble(asTrouble(error)),
		);
		return () => ends.abort();
	}, [attempt]);
	return (
		<Busy
			key={attempt}
			title={trouble ? 'Your app can’t be read from here' : 'Looking at your app'}
			why={`${repository} is read by your own git: what it is made of, what it needs, and what would fail.`}
			lines={[`Reading ${repository}${branch === undefined ? '' : `, branch ${branch}`}`]}
			trouble={trouble}
			onRetry={() => setAttempt(attempt + 1)}
			onEdit={onBack}
			onWithout={onWithout}
			onBack={onBack}
		/>
	);
}
