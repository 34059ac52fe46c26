import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import type {Forgetting} from '../../source/contract/ui/known-host.ts';
import {NameField, nameRows} from '../form/name-field.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	readonly forgetting: Forgetting;
	readonly onForget: () => void;
	readonly onBack: () => void;
};

/** Said before a box is forgotten: what goes from this machine, and what stays. It is done for whoever types its name. */
export function ForgetScreen({forgetting: {label, goes, stays}, onForget, onBack}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const hints = [
		[marks.enter, 'forget it'],
		[marks.arrows, 'scroll'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	const lines: readonly ScrollLine[] = [
		...goes.map(text => ({text: listens ? text : `${marks.dot} ${text}`})),
		{text: ''},
		...stays.map(text => ({text, tone: 'quiet' as const})),
	];
	return (
		<Page title={`Forget ${label}?`} hints={hints} wide>
			{room => (
				<Box flexDirection="column">
					<Paragraph>For a box that is gone. From this machine goes what it knows of it:</Paragraph>
					<Box marginTop={1} flexDirection="column">
						<What lines={broken(lines, room.width)} room={{...room, height: room.height - nameRows - 3}} />
					</Box>
					<Text> </Text>
					<NameField name={label} room={room} onTyped={onForget} />
				</Box>
			)}
		</Page>
	);
}

/** As high as it is, so that the field stands right below it; what has no room is scrolled to. */
function What({lines, room}: {lines: readonly ScrollLine[]; room: Room}) {
	return <Scroll lines={lines} room={{...room, height: Math.max(2, Math.min(lines.length + 1, room.height))}} typing />;
}
