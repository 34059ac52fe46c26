import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useEffect, useState} from 'react';
import type {AppSettings, Setting} from '../../source/contract/settings.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {type Edit, edited, editOf, insert, pastedLines} from '../form/edit.ts';
import {TextLine} from '../form/text-line.tsx';
import {Working} from '../parts/activity.tsx';
import {useKeys, usePasted, useTyping} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {windowOf} from '../parts/rail.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {
	changesOf,
	isOwn,
	moved,
	revealed,
	rowsOf,
	type Settings,
	settingsOf,
	splitVariable,
	withoutVariable,
	withVariable,
} from './settings-state.ts';

type Props = {
	readonly app: string;
	readonly load: () => Promise<AppSettings>;
	readonly onSave: (variables: readonly Setting[]) => void;
	/** Writes them into a file of this folder, and says what came of it. */
	readonly onPull: () => Promise<string>;
	readonly onBack: () => void;
};

/** What is typed: the value of a variable that stands there, or a whole new one as NAME=value. */
type Typing = {readonly edit: Edit; readonly name?: string};

/** The variables of an app: names, and values as dots until one asks. */
export function SettingsScreen({app, load, onSave, onPull, onBack}: Props) {
	const {marks} = useTheme();
	const [found, setFound] = useState<AppSettings>();
	const [settings, setSettings] = useState<Settings>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	const [typing, setTyping] = useState<Typing>();
	const [pulled, setPulled] = useState<string>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: looked at once, when the screen appears
	useEffect(() => {
		let gone = false;
		load().then(
			read => {
				if (gone) return;
				setFound(read);
				setSettings(settingsOf(read));
			},
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, []);
	const changes = settings ? changesOf(settings) : [];
	const changeable = settings !== undefined && rowsOf(settings)[settings.row] !== undefined && !isOwn(settings);
	const variable = typing && variableOf(typing, found);
	const unclear = typing?.edit.text.includes('=') ? 'A name is letters, digits and _: NAME=value' : undefined;
	const problem = variable ? found?.problem(variable.name, variable.value) : unclear;
	useTyping(typing !== undefined);
	usePasted(text => typing && setTyping({...typing, edit: insert(typing.edit, pastedLines(text).trim())}));
	useKeys((input, key) => {
		if (typing) {
			const next = edited(typing.edit, input, key);
			if (key.escape) setTyping(undefined);
			else if (key.return && settings && variable && problem === undefined) {
				setSettings(withVariable(settings, variable.name, variable.value));
				setTyping(undefined);
			} else if (next) setTyping({...typing, edit: next});
		} else if (key.escape || input === 'q') onBack();
		else if (settings) press(settings, input, key);
	});
	const press = (now: Settings, input: string, key: {readonly [name: string]: unknown}) => {
		const here = rowsOf(now)[now.row];
		if (key.upArrow || input === 'k') setSettings(moved(now, -1));
		else if (key.downArrow || input === 'j') setSettings(moved(now, 1));
		else if (input === 'v' && here) setSettings(revealed(now, here.name));
		else if (key.return && here && changeable) setTyping({name: here.name, edit: editOf(here.value.reveal())});
		else if (input === 'n') setTyping({edit: editOf('')});
		else if (input === 'D' && here && changeable) setSettings(withoutVariable(now, here.name));
		else if (input === 's' && changes.length > 0) onSave(now.further);
		else if (input === 'p' && changes.length === 0) void onPull().then(setPulled);
	};
	const hints = typing
		? ([
				[marks.enter, 'take it'],
				['esc', 'as it was'],
			] as const)
		: ([
				...(changes.length > 0 ? [['s', 'save and restart'] as const] : []),
				[marks.arrows, 'move'],
				['v', 'show or hide'],
				...(changeable ? ([[marks.enter, 'change']] as const) : []),
				['n', 'new'],
				...(changes.length === 0 ? ([['p', 'write .env here']] as const) : []),
				...(changeable ? ([['D', 'drop']] as const) : []),
				['?', 'help'],
				['esc', changes.length > 0 ? 'back, unsaved' : 'back'],
			] as const);
	return (
		<Page
			title={`Settings of ${app}`}
			hints={hints}
			activity={<Foot {...{settings, trouble, changes, typing, problem, pulled}} />}
			wide
		>
			{room => {
				if (trouble) return <TroublePanel trouble={trouble} room={room} />;
				return settings ? <Variables {...{settings, typing, room}} /> : null;
			}}
		</Page>
	);
}

/** A value of several lines, in the one row that it has here: the cursor stays where it is. */
function onOneLine({text, cursor}: Edit, lineEnd: string): Edit {
	return {text: text.replaceAll('\n', lineEnd).replaceAll('\t', ' '), cursor};
}

/** While a new one is typed it may be no whole line of a .env yet: what stands behind the = counts as it is. */
function variableOf({edit, name}: Typing, found: AppSettings | undefined) {
	if (name !== undefined) return {name, value: edit.text};
	return found?.read(edit.text) ?? splitVariable(edit.text);
}

type FootProps = {
	readonly settings: Settings | undefined;
	readonly trouble: TroubleParts | undefined;
	readonly changes: readonly string[];
	readonly typing: Typing | undefined;
	readonly problem: string | undefined;
	/** What came of writing them into a file. */
	readonly pulled: string | undefined;
};

function Foot({settings, trouble, changes, typing, problem, pulled}: FootProps) {
	const {marks} = useTheme();
	useTold(problem ?? pulled);
	if (trouble) return null;
	if (!settings) return <Working words="Reading the file" />;
	if (problem !== undefined) return <Bad>{`${marks.attention} ${problem}`}</Bad>;
	if (typing) return <Quiet>{typing.name === undefined ? 'NAME=value, as in a .env file' : ' '}</Quiet>;
	if (changes.length > 0) return <Accent bold>{`Saving ${changes.join(', ')}, and starts the app anew`}</Accent>;
	if (pulled !== undefined) return <Quiet>{pulled}</Quiet>;
	return <Quiet>{isOwn(settings) ? 'boxwizard writes this one: it is changed in the plan' : settings.file}</Quiet>;
}

type VariablesProps = {readonly settings: Settings; readonly typing: Typing | undefined; readonly room: Room};

function Variables({settings, typing, room}: VariablesProps) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const rows = rowsOf(settings);
	const {own, row, shown} = settings;
	const names = Math.min(28, Math.max(8, ...rows.map(({name}) => name.length)));
	const isNew = typing !== undefined && typing.name === undefined;
	const {from, to} = windowOf(rows.length, row, room.height - 5 - (isNew ? 2 : 0));
	useTold(`Variables: ${rows.map(({name}) => name).join(', ')}`);
	const width = room.width - names - 6;
	const textOf = ({name, value}: Setting) => (shown.has(name) ? cleanLine(value.reveal()) : marks.bullet.repeat(8));
	const selected = rows[row];
	if (listens) {
		if (typing) return <TextLine edit={onOneLine(typing.edit, marks.lineEnd)} focused width={width} />;
		return (
			<Text>
				{selected
					? `${selected.name}: ${shown.has(selected.name) ? selected.value.reveal() : 'hidden'}`
					: 'no variable'}
			</Text>
		);
	}

	return (
		<Box flexDirection="column" marginTop={1}>
			{rows.slice(from, to).map((variable, index) => {
				const at = from + index;
				const here = at === row && !isNew;
				const name = `${here ? marks.pointer : ' '} ${variable.name.padEnd(names)}`;
				return (
					<Box key={at} flexDirection="column">
						{at === own.length && at > from ? <Quiet>{'  yours'}</Quiet> : null}
						<Box>
							<Box flexShrink={0} marginRight={2}>
								{here ? <Accent bold>{name}</Accent> : <Text dimColor={at < own.length}>{name}</Text>}
							</Box>
							{here && typing ? (
								<TextLine edit={onOneLine(typing.edit, marks.lineEnd)} focused width={width} />
							) : (
								<Text wrap="truncate" dimColor={at < own.length}>
									{textOf(variable)}
								</Text>
							)}
						</Box>
					</Box>
				);
			})}
			{settings.further.length === 0 && !isNew ? (
				<Box marginTop={1}>
					<Quiet> None of your own yet: n adds one.</Quiet>
				</Box>
			) : null}
			{isNew && typing ? (
				<Box marginTop={1}>
					<Accent bold>{`${marks.pointer} `}</Accent>
					<TextLine
						edit={onOneLine(typing.edit, marks.lineEnd)}
						focused
						width={room.width - 4}
						placeholder="API_KEY=…"
					/>
				</Box>
			) : null}
		</Box>
	);
}
