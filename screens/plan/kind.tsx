import {Box} from 'ink';
import {useState} from 'react';
import type {KindSummary} from '../../source/contract/ui/wizard.ts';
import {Choose} from '../parts/choose.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	readonly kinds: readonly KindSummary[];
	readonly onChoose: (name: string) => void;
	readonly onBack: () => void;
};

/** What is the app made of? */
export function KindScreen({kinds, onChoose, onBack}: Props) {
	const {marks} = useTheme();
	const [here, setHere] = useState(kinds[0]?.name);
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const hints = [
		[marks.arrows, 'move'],
		[marks.enter, 'choose'],
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="What is your app made of?" hints={hints}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>
						Each kind of app has steps of its own. You answer a few questions, then see the whole plan.
					</Paragraph>
					<Box marginTop={1}>
						<Choose
							items={kinds.map(({name, title}) => ({value: name, title}))}
							onHighlight={setHere}
							onChoose={onChoose}
							limit={height - 6}
						/>
					</Box>
					<Box marginTop={1}>
						<Paragraph quiet>{kinds.find(kind => kind.name === here)?.description ?? ''}</Paragraph>
					</Box>
				</Box>
			)}
		</Page>
	);
}
