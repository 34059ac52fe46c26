import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import {edited, editOf, insert, pastedLine} from '../form/edit.ts';
import {TextLine} from '../form/text-line.tsx';
import {useKeys, usePasted, useTyping} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {windowOf} from '../parts/rail.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {type Programs, type Suggestion, suggestions} from './commands.ts';

type Props = {
	readonly programs: Programs;
	/** Whether the set-up is done. */
	readonly finished: boolean;
	readonly onChoose: (suggestion: Suggestion) => void;
	readonly onBack: () => void;
};

/** All commands of an opened box, found by typing. */
export function Palette({programs, finished, onChoose, onBack}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const [edit, setEdit] = useState(() => editOf(''));
	const [at, setAt] = useState(0);
	const found = suggestions(edit.text, programs, finished);
	const row = Math.min(at, Math.max(0, found.length - 1));
	const type = (next: typeof edit) => {
		setEdit(next);
		setAt(0);
	};
	useTyping(true);
	useTold('Type what you want to do.');
	usePasted(text => type(insert(edit, pastedLine(text))));
	useKeys((input, key) => {
		const here = found[row];
		if (key.escape) onBack();
		else if (key.upArrow) setAt(Math.max(0, row - 1));
		else if (key.downArrow || key.tab) setAt(Math.min(found.length - 1, row + 1));
		else if (key.return && here) onChoose(here);
		else {
			const next = edited(edit, input, key);
			if (next) type(next);
		}
	});
	const hints = [
		[marks.arrows, 'move'],
		[marks.enter, 'do it'],
		['esc', 'back'],
	] as const;
	const width = Math.max(12, ...found.map(({title}) => title.length));
	return (
		<Page title="What do you want to do?" hints={hints} wide>
			{room => {
				const {from, to} = windowOf(found.length, row, room.height - 3);
				return (
					<Box flexDirection="column">
						<Box marginTop={1} marginBottom={1}>
							<Accent bold>: </Accent>
							<TextLine edit={edit} focused width={room.width - 2} placeholder="deploy, logs, a word of what it does" />
						</Box>
						{found.length === 0 ? <Quiet>No command has these words.</Quiet> : null}
						{listens ? (
							<Text>{found[row] ? `${found[row].title}: ${found[row].command.does}` : ''}</Text>
						) : (
							found
								.slice(from, to)
								.map((one, index) => (
									<Row
										key={one.title}
										suggestion={one}
										width={width}
										selected={from + index === row}
										isOwn={one.app === undefined || one.app === programs.selected}
									/>
								))
						)}
					</Box>
				);
			}}
		</Page>
	);
}

type RowProps = {
	readonly suggestion: Suggestion;
	readonly width: number;
	readonly selected: boolean;
	/** It is one of the box or of the selected app: its key on the box's page does the same. */
	readonly isOwn: boolean;
};

function Row({suggestion: {command, title}, width, selected, isOwn}: RowProps) {
	const {marks} = useTheme();
	const text = `${selected ? marks.pointer : ' '} ${title.padEnd(width)}`;
	return (
		<Text wrap="truncate">
			{selected ? <Accent bold>{text}</Accent> : text}
			{`  ${(isOwn ? (command.key ?? '') : '').padEnd(3)}`}
			<Quiet>{command.does}</Quiet>
		</Text>
	);
}
