import {Box} from 'ink';
import {useState} from 'react';
import {Choose, type ChooseItem} from './choose.tsx';
import {useKeys} from './key-focus.ts';
import {Page} from './page.tsx';
import {Paragraph} from './paragraph.tsx';
import {useTheme} from './theme.ts';

type Props = {
	readonly title: string;
	/** What is asked, above the list. */
	readonly asks: string;
	readonly items: readonly ChooseItem[];
	/** What is said of the one under the hand. */
	readonly about?: (value: string) => string;
	/** The page without the rail. */
	readonly wide?: boolean;
	readonly onChoose: (value: string) => void;
	readonly onBack: () => void;
};

/** One question with a few answers, as a page of its own. */
export function ChoosePage({title, asks, items, about, wide, onChoose, onBack}: Props) {
	const {marks} = useTheme();
	const [here, setHere] = useState(items[0]?.value);
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
		<Page title={title} hints={hints} wide={wide}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>{asks}</Paragraph>
					<Box marginTop={1}>
						<Choose items={items} onHighlight={setHere} onChoose={onChoose} limit={height - (about ? 6 : 3)} />
					</Box>
					{about && here !== undefined ? (
						<Box marginTop={1}>
							<Paragraph quiet>{about(here)}</Paragraph>
						</Box>
					) : null}
				</Box>
			)}
		</Page>
	);
}
