import type {KindSummary} from '../../source/contract/ui/setup.ts';
import {ChoosePage} from '../parts/choose-page.tsx';

type Props = {
	readonly kinds: readonly KindSummary[];
	readonly onChoose: (name: string) => void;
	readonly onBack: () => void;
};

/** What is the app made of? */
export function KindScreen({kinds, onChoose, onBack}: Props) {
	return (
		<ChoosePage
			title="What is your app made of?"
			asks="Each kind of app has steps of its own. You answer a few questions, then see the whole plan."
			items={kinds.map(({name, title}) => ({value: name, title}))}
			about={name => kinds.find(kind => kind.name === name)?.description ?? ''}
			onChoose={onChoose}
			onBack={onBack}
		/>
	);
}
