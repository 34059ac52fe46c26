import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import SelectInput from 'ink-select-input';
import {useContext, useState} from 'react';
import {FrontContext, useKeys} from './key-focus.ts';
import {useTold} from './spoken.tsx';
import {Accent, Quiet} from './text.tsx';
import {useTheme} from './theme.ts';

/** One of the things to choose from. */
export type ChooseItem = {
	readonly value: string;
	readonly title: string;
	/** Columns or a sentence beside it. */
	readonly hint?: string;
	/** Set apart from the one above it. */
	readonly apart?: boolean;
};

type Props = {
	readonly items: readonly ChooseItem[];
	readonly onChoose: (value: string) => void;
	readonly onHighlight?: (value: string) => void;
	readonly active?: boolean;
	/** Width of the column of titles. */
	readonly titles?: number;
	/** At most so many at once. */
	readonly limit?: number;
	readonly start?: number;
};

/** A list to choose from by arrows and Enter, by number, or by first letter (which chooses where only one begins so). */
export function Choose({items, onChoose, onHighlight, active = true, titles, limit, start = 0}: Props) {
	const front = useContext(FrontContext);
	const [at, setAt] = useState(start);
	// SelectInput takes its place only when it appears: a first letter makes it appear anew, there.
	const [jump, setJump] = useState({times: 0, to: start});
	useKeys((input, key) => {
		// j and k are SelectInput's own.
		if (key.ctrl || key.meta || !/^[a-z]$/i.test(input) || /[jk]/.test(input)) return;
		const to = indexFor(items, input, at);
		const item = to === undefined ? undefined : items[to];
		if (to === undefined || item === undefined) return;
		const same = items.filter(other => other.title.toLowerCase().startsWith(input.toLowerCase()));
		if (same.length === 1) return onChoose(item.value);
		setAt(to);
		onHighlight?.(item.value);
		setJump({times: jump.times + 1, to});
	}, active);
	useTold(items.map(({title, hint = ''}, index) => inWords(`${index + 1}. ${title}: ${hint}`)).join('\n'));
	const width = titles ?? Math.max(...items.map(item => item.title.length), 0) + 3;
	return (
		<SelectInput
			key={jump.times}
			items={items.map(item => ({...item, key: item.value, label: item.title, width}))}
			initialIndex={jump.to}
			isFocused={front && active}
			limit={limit}
			indicatorComponent={NoMark}
			itemComponent={Row}
			onHighlight={item => {
				setAt(items.findIndex(other => other.value === item.value));
				onHighlight?.(item.value);
			}}
			onSelect={item => onChoose(item.value)}
		/>
	);
}

/** Columns as a sentence. */
const inWords = (text: string): string => text.replace(/ {2,}/g, ', ').replace(/[:,\s]+$/, '');

const NoMark = () => null;

/** SelectInput hands a row all of its item. */
function Row(props: {readonly label: string; readonly isSelected?: boolean}) {
	const {label, isSelected = false, hint = '', apart = false, width = 0} = props as typeof props & Partial<RowExtra>;
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	// All of them were said when the list came.
	if (listens) return isSelected ? <Text>{inWords(`${label}: ${hint}`)}</Text> : null;
	const title = `${isSelected ? marks.pointer : ' '} ${label.padEnd(width)}`;
	return (
		<Box marginTop={apart ? 1 : 0} aria-role="option" aria-state={{selected: isSelected}}>
			<Text wrap="truncate">
				{isSelected ? <Accent bold>{title}</Accent> : title}
				<Quiet>{hint}</Quiet>
			</Text>
		</Box>
	);
}

type RowExtra = {readonly hint: string; readonly apart: boolean; readonly width: number};

/** The choice that a digit or a first letter means; the next one where several begin with it. */
export function indexFor(choices: readonly {title: string}[], input: string, from: number): number | undefined {
	if (/^[1-9]$/.test(input)) return Number(input) <= choices.length ? Number(input) - 1 : undefined;
	if (input.length !== 1) return undefined;
	const order = choices.map((_, offset) => (from + 1 + offset) % choices.length);
	return order.find(index => choices[index]?.title.toLowerCase().startsWith(input.toLowerCase()));
}
