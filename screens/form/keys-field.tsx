import {Box, Text} from 'ink';
import {useState} from 'react';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {LocalKey} from '../../source/contract/ui/wizard.ts';
import {useInner, useKeys, usePasted, useTyping} from '../parts/key-focus.ts';
import {Accent, Bad, Quiet, Spinner} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {edited, editOf, insert, pastedLine} from './edit.ts';
import {fitting} from './form-state.ts';
import {useKeysState, type Way, ways} from './keys-state.ts';
import type {FieldProps} from './text-field.tsx';
import {TextLine} from './text-line.tsx';

const linesOf = (value: FieldValue): readonly string[] =>
	Array.isArray(value) ? value.filter(line => typeof line === 'string') : [];

/** Public keys: ticked in the list of those found on this machine, or pasted, fetched from GitHub, or made. */
export function KeysField({field, focused, width, height, onChange, onMove, onDone}: FieldProps & {height: number}) {
	const chosen = linesOf(field.value);
	const state = useKeysState(chosen, onChange);
	const [row, setRow] = useState(0);
	const [way, setWay] = useState<Way>();
	const keys = state.keys ?? [];
	const last = keys.length + ways.length - 1;
	const step = (by: 1 | -1) => (row + by < 0 || row + by > last ? onMove(by) : setRow(row + by));
	useKeys(
		(input, key) => {
			const here = keys[row];
			const there = ways[row - keys.length];
			if (key.tab) return onMove(key.shift ? -1 : 1);
			if (key.upArrow || key.downArrow) return step(key.upArrow ? -1 : 1);
			// The list is still to come, and would push away what Enter was meant for.
			if (state.keys === undefined) return key.return && chosen.length > 0 ? onDone() : undefined;
			if (there && (key.return || input === ' ')) return setWay(there);
			if (here && (input === ' ' || (key.return && chosen.length === 0))) return state.toggle(here);
			if (key.return) return onDone();
			const index = Number.parseInt(input, 10) - 1;
			if (keys[index]) state.toggle(keys[index]);
		},
		focused && way === undefined,
	);
	usePasted(state.paste, focused && way === undefined);
	if (way) {
		const end = (added: boolean) => {
			setWay(undefined);
			// The new key is the one under the hands.
			if (added) setRow(keys.length);
		};
		return <WayForm way={way} width={width} state={state} onEnd={end} />;
	}

	return <KeyList {...{state, chosen, width, height, row: focused ? row : -1}} />;
}

type ListProps = {
	readonly state: ReturnType<typeof useKeysState>;
	readonly chosen: readonly string[];
	readonly width: number;
	readonly height: number;
	readonly row: number;
};

function KeyList({state, chosen, width, height, row}: ListProps) {
	const keys = state.keys ?? [];
	const room = Math.max(2, height - ways.length - 2);
	const {from, to} = fitting(
		keys.map(() => 1),
		Math.min(Math.max(0, row), Math.max(0, keys.length - 1)),
		room,
	);
	return (
		<Box flexDirection="column">
			{state.keys === undefined ? (
				<Box gap={1}>
					<Spinner />
					<Quiet>Looking in ~/.ssh and the agent</Quiet>
				</Box>
			) : null}
			{state.keys?.length === 0 ? <Quiet>No key was found on this machine: make one, it takes a second.</Quiet> : null}
			{keys.slice(from, to).map((key, index) => (
				<KeyRow
					key={key.line}
					value={key}
					ticked={chosen.includes(key.line)}
					here={row === from + index}
					width={width}
				/>
			))}
			<Box marginTop={1} flexDirection="column">
				{ways.map((way, index) => (
					<WayRow key={way.mode} title={way.title} here={row === keys.length + index} />
				))}
			</Box>
			{state.problem ? <Bad>{`! ${state.problem}`}</Bad> : null}
		</Box>
	);
}

function KeyRow({value, ticked, here, width}: {value: LocalKey; ticked: boolean; here: boolean; width: number}) {
	const {marks} = useTheme();
	const text = `${here ? marks.pointer : ' '} ${ticked ? marks.checked : marks.unchecked} ${value.type.padEnd(9)} ${value.comment}`;
	const place = width > 44 ? `  ${value.where}` : '';
	return (
		<Box aria-role="checkbox" aria-state={{checked: ticked}}>
			<Text wrap="truncate">
				{here ? <Accent bold>{text}</Accent> : text}
				<Quiet>{place}</Quiet>
			</Text>
		</Box>
	);
}

function WayRow({title, here}: {title: string; here: boolean}) {
	const {marks} = useTheme();
	const text = `${here ? marks.pointer : ' '} + ${title}`;
	return <Text>{here ? <Accent bold>{text}</Accent> : <Quiet>{text}</Quiet>}</Text>;
}

type WayProps = {
	readonly way: Way;
	readonly width: number;
	readonly state: ReturnType<typeof useKeysState>;
	readonly onEnd: (added: boolean) => void;
};

/** One line for what the way needs: the key, the name, the passphrase. */
function WayForm({way, width, state, onEnd}: WayProps) {
	const {marks} = useTheme();
	const [edit, setEdit] = useState(() => editOf(''));
	const busy = state.busy !== undefined;
	const hand = async (text: string) => {
		if (await state.take(way, text)) onEnd(true);
	};
	const back = () => onEnd(false);
	useTyping(true);
	useInner({hints: [[marks.enter, takes[way.mode]]], onBack: back});
	useKeys((input, key) => {
		if (key.upArrow || (key.tab && key.shift)) return back();
		if (key.return) return edit.text === '' && way.mode !== 'make' ? back() : void hand(edit.text);
		const next = edited(edit, input, key);
		if (next) setEdit(next);
	}, !busy);
	usePasted(text => {
		// A key that came broken over several lines is mended, or named, as it came.
		if (way.mode === 'paste') void hand(text);
		else setEdit(insert(edit, pastedLine(text)));
	}, !busy);
	return (
		<Box flexDirection="column">
			<Text>{way.prompt}</Text>
			<TextLine edit={edit} focused width={width} secret={way.mode === 'make'} placeholder={placeholders[way.mode]} />
			<Text> </Text>
			{busy ? (
				<Box gap={1}>
					<Spinner />
					<Quiet>{state.busy}</Quiet>
				</Box>
			) : null}
			{state.problem && !busy ? <Bad>{`! ${state.problem}`}</Bad> : null}
			<Quiet>{notes[way.mode]}</Quiet>
		</Box>
	);
}

const placeholders: Readonly<Record<Way['mode'], string>> = {
	paste: 'ssh-ed25519 AAAAC3Nz… you@laptop',
	github: 'jessica',
	make: 'none',
};

const takes: Readonly<Record<Way['mode'], string>> = {paste: 'add it', github: 'fetch them', make: 'make it'};

const notes: Readonly<Record<Way['mode'], string>> = {
	paste: 'One line, from a file that ends in .pub.',
	github: 'All public keys of that user are added.',
	make: 'An ed25519 key in ~/.ssh. A passphrase protects it if this machine is stolen.',
};
