import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import type {BoxStatus} from '../../source/contract/status.ts';
import type {KnownApp} from '../../source/contract/ui/wizard.ts';
import type {Notice, Seen} from '../navigation/seen.ts';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {windowOf} from '../parts/rail.tsx';
import {Told, useTold} from '../parts/spoken.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {Foot, Others, Selected} from './box-parts.tsx';
import {type CommandId, commands} from './commands.ts';
import {type AppRow, boxParts, cellOf, linesOf, rowOf, span, versionIn, type Widths, widthsOf} from './rows.ts';

type Props = {
	readonly seen: Seen;
	/** What the journal knows: shown until the box has answered. */
	readonly apps: readonly KnownApp[];
	/** The name of the app under the hand. */
	readonly selected: string | undefined;
	readonly notice: Notice | undefined;
	/** Milliseconds, as Date.now() counts. */
	readonly now: number;
	readonly onSelect: (app: string) => void;
	readonly onCommand: (command: CommandId) => void;
	readonly onPalette: () => void;
};

/** The box's own page: its apps as they are now, the box itself, and all that can be done with them. */
export function BoxPage({seen, apps, selected, notice, now, onSelect, onCommand, onPalette}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const rows = rowsOf(seen, apps, now, marks);
	const at = Math.max(
		0,
		rows.findIndex(({name}) => name === selected),
	);
	const here = rows[at];
	useKeys((input, key) => {
		const to = key.upArrow || input === 'k' ? at - 1 : key.downArrow || input === 'j' ? at + 1 : undefined;
		const row = to === undefined ? undefined : rows[to];
		if (row) onSelect(row.name);
		else if (key.return) onPalette();
		else if (key.escape) onCommand('boxes');
		else {
			const command = commands.find(one => one.key === input && !key.ctrl && !key.meta);
			if (command && (command.of === 'box' || here)) onCommand(command.id);
		}
	});
	return (
		<Page
			title={listens ? 'Your box and its apps' : 'Apps'}
			hints={hintsOf(rows.length, marks)}
			aside={seen.status && !seen.away ? `up ${span(seen.status.uptime * 1000)}` : ''}
			activity={<Foot {...{seen, notice, now}} />}
			wide
		>
			{room => <Body {...{seen, rows, at, room, now}} />}
		</Page>
	);
}

function rowsOf(
	{status, at = 0}: Seen,
	apps: readonly KnownApp[],
	now: number,
	marks: ReturnType<typeof useTheme>['marks'],
) {
	if (status) return status.apps.map(app => rowOf(app, Math.max(at, now), marks));
	return apps.map(({name, domain}): AppRow => {
		const unseen = marks.ellipsis;
		return {
			name,
			domain: domain ?? '',
			state: unseen,
			word: 'unknown',
			commit: unseen,
			title: '',
			memory: '',
			certificate: '',
		};
	});
}

function hintsOf(apps: number, {arrows}: ReturnType<typeof useTheme>['marks']): readonly KeyHint[] {
	return [
		...(apps > 1 ? ([[arrows, 'app']] as const) : []),
		...commands.flatMap(({key, short, of}) =>
			key === undefined || (of === 'app' && apps === 0) ? [] : [[key, short] as const],
		),
		[':', 'all commands'],
		['?', 'help'],
	];
}

type BodyProps = {
	readonly seen: Seen;
	readonly rows: readonly AppRow[];
	readonly at: number;
	readonly room: Room;
	readonly now: number;
};

/** Rows of what stands below the table: the selected app's own line, and the box's. */
const below = 6;
const boxLabel = 6;

function Body({seen, rows, at, room, now}: BodyProps) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const {status, away} = seen;
	const widths = widthsOf(rows, room.width);
	const others = status?.others ?? [];
	const foreign = others.length === 0 ? 0 : Math.min(others.length, 4) + 2;
	const height = Math.max(2, room.height - below - foreign);
	const {from, to} = windowOf(rows.length, at, height);
	const parts = status ? boxParts(status, now, marks) : [marks.ellipsis];
	const pale = away !== undefined || status === undefined;
	if (listens) return <Spoken {...{seen, rows, at, now}} />;
	return (
		<Box flexDirection="column">
			<Quiet>{`  ${lineOf(headings, widths, marks.ellipsis)}`}</Quiet>
			{rows.length === 0 ? <Text> This box carries no app yet: a brings one.</Text> : null}
			{rows.slice(from, to).map((row, index) => (
				<Row key={row.name} row={row} widths={widths} selected={from + index === at} pale={pale} />
			))}
			{to - from < rows.length ? <Quiet>{`  ${from + 1}-${to} of ${rows.length}`}</Quiet> : null}
			<Selected seen={seen} row={rows[at]} />
			{foreign > 0 ? <Others others={others} /> : null}
			<Box marginTop={1}>
				<Box width={boxLabel} flexShrink={0}>
					<Text dimColor={pale}>Box</Text>
				</Box>
				<Text dimColor={pale}>{linesOf(parts, room.width - boxLabel).join('\n')}</Text>
			</Box>
		</Box>
	);
}

const headings: Omit<AppRow, 'word'> = {
	name: 'app',
	domain: 'address',
	state: 'state',
	commit: 'version',
	title: '',
	memory: 'memory',
	certificate: 'TLS',
};

function lineOf(cells: Omit<AppRow, 'word'>, widths: Widths, ellipsis: string): string {
	const cell = (column: Exclude<keyof Widths, 'version'>, align?: 'right') =>
		cellOf(cells[column], widths[column], ellipsis, align);
	return [
		cell('name'),
		cell('domain'),
		cell('state'),
		cellOf(versionIn(cells, widths.version), widths.version, ellipsis),
		cell('memory', 'right'),
		cell('certificate', 'right'),
	].join('  ');
}

type RowProps = {
	readonly row: AppRow;
	readonly widths: Widths;
	readonly selected: boolean;
	/** It is not what the box says now. */
	readonly pale: boolean;
};

function Row({row, widths, selected, pale}: RowProps) {
	const {marks} = useTheme();
	const line = lineOf(row, widths, marks.ellipsis);
	const text = `${selected ? marks.pointer : ' '} ${line}`;
	return (
		<Text wrap="truncate" dimColor={pale}>
			{selected ? <Accent bold>{text}</Accent> : row.word === 'down' ? <Bad>{text}</Bad> : text}
		</Text>
	);
}

/** The same for those who listen: each app once, and again when its state or version is another one. */
function Spoken({seen: {status}, rows, at, now}: Omit<BodyProps, 'room'>) {
	const {marks} = useTheme();
	const listed = status?.apps ?? [];
	useTold(status ? `The box: ${boxKeptStill(status, now, marks)}` : undefined);
	useTold((status?.others ?? []).map(({name, state}) => `Not boxwizard’s: ${name}, ${state}`).join('\n'));
	return (
		<>
			{listed.map(({name, state, domain = '', version}) => (
				<Told key={name} text={[name, domain, state, version?.title ?? ''].filter(Boolean).join(', ')} />
			))}
			<Text>{rows[at]?.name ?? 'no app'}</Text>
		</>
	);
}

/** Without the numbers that change with every look. */
const boxKeptStill = (status: BoxStatus, now: number, marks: ReturnType<typeof useTheme>['marks']): string =>
	boxParts(status, now, marks)
		.filter(part => !/memory|disk/.test(part))
		.map(part => part.replace(/, checked .*|checked .* ago/, 'checked'))
		.join(', ');
