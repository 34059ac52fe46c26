import {Box, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {Working} from './activity.tsx';
import type {KeyHint} from './key-bar.tsx';
import {useKeys} from './key-focus.ts';
import {Page} from './page.tsx';
import {Paragraph} from './paragraph.tsx';
import {Line} from './scroll.tsx';
import {TroublePanel} from './trouble.tsx';

type Props = {
	readonly title: string;
	readonly why: string;
	/** What was told so far, the newest last. */
	readonly lines: readonly string[];
	readonly trouble?: TroubleParts;
	readonly onRetry: () => void;
	/** Another address, where that makes sense. */
	readonly onEdit?: () => void;
	/** Where it may be gone for good. */
	readonly onForget?: (() => void) | undefined;
	/** Goes on all the same, where that can be done. */
	readonly onWithout?: () => void;
	readonly onBack: () => void;
};

/** Something that takes a while before a set-up begins: connecting, booting the practice box, reading an app. */
export function Busy({title, why, lines, trouble, onRetry, onEdit, onForget, onWithout, onBack}: Props) {
	const [since] = useState(() => Date.now());
	const listens = useIsScreenReaderEnabled();
	useKeys((input, key) => {
		if (key.escape) onBack();
		else if (trouble && (input === 'r' || key.return)) onRetry();
		else if (trouble && input === 'e') onEdit?.();
		else if (trouble && input === 'f') onForget?.();
		else if (trouble && input === 'w') onWithout?.();
	});
	const hints: KeyHint[] = [
		...(trouble ? ([['r', 'try again']] as const) : []),
		...(trouble && onEdit ? ([['e', 'another address']] as const) : []),
		...(trouble && onForget ? ([['f', 'forget it']] as const) : []),
		...(trouble && onWithout ? ([['w', 'go on without']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	];
	const doing = trouble ? null : <Working words={lines.at(-1) ?? title} since={since} />;
	return (
		<Page title={title} hints={hints} activity={doing}>
			{room =>
				trouble ? (
					<TroublePanel trouble={trouble} room={room} />
				) : (
					<Box flexDirection="column">
						<Paragraph>{why}</Paragraph>
						<Box marginTop={1} flexDirection="column">
							{(listens ? [] : lines)
								.slice(0, -1)
								.slice(-(room.height - 4))
								.map((text, index) => (
									// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
									<Line key={index} line={{text, tone: 'quiet'}} />
								))}
						</Box>
					</Box>
				)
			}
		</Page>
	);
}
