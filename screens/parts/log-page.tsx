import type {ReactNode} from 'react';
import type {KeyHint} from './key-bar.tsx';
import {useKeys} from './key-focus.ts';
import {Page} from './page.tsx';
import {broken, Scroll, type ScrollLine} from './scroll.tsx';
import {Quiet} from './text.tsx';
import {useTheme} from './theme.ts';

type Props = {
	readonly title: string;
	readonly lines: readonly ScrollLine[];
	/** Said where there are none. */
	readonly empty: string;
	/** What is going on, while it runs. */
	readonly activity?: ReactNode;
	/** The key c, which shows these lines or others. */
	readonly choice?: {readonly words: string; readonly onChoose: () => void};
	readonly onBack: () => void;
};

/** Lines that grow, the last ones in sight, until the person scrolls. */
export function LogPage({title, lines, empty, activity, choice, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((input, key) => {
		if (key.escape || input === 'l' || input === 'q') onBack();
		else if (input === 'c') choice?.onChoose();
	});
	const hints: KeyHint[] = [
		...(choice ? ([['c', choice.words]] as const) : []),
		[marks.arrows, 'scroll'],
		['space', 'page'],
		['g G', 'start, end'],
		['esc', 'back'],
	];
	return (
		<Page title={title} hints={hints} activity={activity} wide>
			{room =>
				lines.length === 0 ? (
					<Quiet>{empty}</Quiet>
				) : (
					<Scroll key={choice?.words ?? ''} lines={broken(lines, room.width)} room={room} follow />
				)
			}
		</Page>
	);
}
