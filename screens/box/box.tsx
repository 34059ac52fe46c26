import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import type {BoxStatus, ForeignProgram} from '../../source/contract/status.ts';
import type {KnownApp} from '../../source/contract/ui/known-host.ts';
import type {Notice, Seen} from '../navigation/seen.ts';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {windowOf} from '../parts/rail.tsx';
import {Told, useTold} from '../parts/spoken.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {Foot, Others, Selected, SelectedForeign, shownForeign} from './box-parts.tsx';
import {type Command, type CommandId, commands} from './commands.ts';
import {Jobs, jobWords, shownJobs} from './jobs.tsx';
import {type AppRow, boxParts, cellOf, linesOf, rowOf, span, versionIn, type Widths, widthsOf} from './rows.ts';

type Props = {
	readonly seen: Seen;
	/** What the journal knows: shown until the box has answered. */
	readonly apps: readonly KnownApp[];
	/** The name of the app under the hand. */
	readonly selected: string | undefined;
	/** The program under the hand, where that is none of boxwizard's. */
	readonly foreign: ForeignProgram | undefined;
	readonly notice: Notice | undefined;
	/** Milliseconds, as Date.now() counts. */
	readonly now: number;
	readonly onSelect: (name: string) => void;
	readonly onCommand: (command: CommandId) => void;
	readonly onPalette: () => void;
};

/** The box's own page: its apps as they are now, the box itself, and all that can be done with them. */
export function BoxPage({seen, apps, selected, foreign, notice, now, onSelect, onCommand, onPalette}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const rows = rowsOf(seen, apps, now, marks);
	const at = Math.max(
		0,
		rows.findIndex(({name}) => name === selected),
	);
	const others = seen.status?.others ?? [];
	const listed = [...rows, ...others];
	const under = foreign ? rows.length + others.indexOf(foreign) : at;
	useKeys((input, key) => {
		const to = key.upArrow || input === 'k' ? under - 1 : key.downArrow || input === 'j' ? under + 1 : undefined;
		const row = to === undefined ? undefined : listed[to];
		if (row) onSelect(row.name);
		else if (key.return) onPalette();
		else if (key.escape) onCommand('boxes');
		else {
			const command = commands.find(one => one.key === input && !key.ctrl && !key.meta);
			if (command && isOffered(command, rows.length, foreign)) onCommand(command.id);
		}
	});
	return (
		<Page
			title={listens ? 'Your box and its apps' : 'Apps'}
			hints={hintsOf(rows.length, listed.length, foreign, marks)}
			aside={seen.status && !seen.away ? `up ${span(seen.status.uptime * 1000)}` : ''}
			activity={<Foot {...{seen, notice, now}} />}
			wide
		>
			{room => <Body {...{seen, rows, at, foreign, room, now}} />}
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

/** Whether a command can be given now: one of an app's is about what is under the hand. */
function isOffered(command: Command, apps: number, foreign: ForeignProgram | undefined): boolean {
	if (command.of === 'box') return true;
	return foreign ? command.foreign === true : apps > 0;
}

function hintsOf(
	apps: number,
	listed: number,
	foreign: ForeignProgram | undefined,
	{arrows}: ReturnType<typeof useTheme>['marks'],
): readonly KeyHint[] {
	return [
		...(listed > 1 ? ([[arrows, listed > apps ? 'move' : 'app']] as const) : []),
		...commands.flatMap(command =>
			command.key === undefined || !isOffered(command, apps, foreign) ? [] : [[command.key, command.short] as const],
		),
		[':', 'all commands'],
		['?', 'help'],
	];
}

type BodyProps = {
	readonly seen: Seen;
	readonly rows: readonly AppRow[];
	readonly at: number;
	readonly foreign: ForeignProgram | undefined;
	readonly room: Room;
	readonly now: number;
};

/** Rows of what stands below the table: the selected app's own line, and the box's. */
const below = 6;
const boxLabel = 6;

function Body({seen, rows, at, foreign, room, now}: BodyProps) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const {status, away} = seen;
	const widths = widthsOf(rows, room.width);
	const others = status?.others ?? [];
	const lines = others.length === 0 ? 0 : Math.min(others.length, shownForeign) + 2;
	const jobs = foreign ? [] : (status?.apps.find(({name}) => name === rows[at]?.name)?.jobs ?? []);
	// Of a short page the apps get their part first.
	const left = room.height - below - lines - Math.min(rows.length, 3);
	const most = jobs.length === 0 ? 0 : Math.max(1, Math.min(shownJobs, left - (jobs.length > shownJobs ? 1 : 0)));
	const height = Math.max(2, room.height - below - lines - most - (jobs.length > most ? 1 : 0));
	const {from, to} = windowOf(rows.length, at, height);
	const parts = status ? boxParts(status, now, marks) : [marks.ellipsis];
	const pale = away !== undefined || status === undefined;
	if (listens) return <Spoken {...{seen, rows, at, foreign, now}} />;
	return (
		<Box flexDirection="column">
			<Quiet>{`  ${lineOf(headings, widths, marks.ellipsis)}`}</Quiet>
			{rows.length === 0 ? <Text> This box carries no app yet: a brings one.</Text> : null}
			{rows.slice(from, to).map((row, index) => (
				<Row key={row.name} row={row} widths={widths} selected={!foreign && from + index === at} pale={pale} />
			))}
			{to - from < rows.length ? <Quiet>{`  ${from + 1}-${to} of ${rows.length}`}</Quiet> : null}
			{foreign ? (
				<SelectedForeign program={foreign} />
			) : (
				<Selected seen={seen} row={rows[at]} domainWidth={widths.domain} />
			)}
			{most > 0 ? <Jobs {...{jobs, most, now}} /> : null}
			{lines > 0 ? <Others others={others} selected={foreign} /> : null}
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
function Spoken({seen: {status}, rows, at, foreign, now}: Omit<BodyProps, 'room'>) {
	const {marks} = useTheme();
	const listed = status?.apps ?? [];
	useTold(status ? `The box: ${boxKeptStill(status, now, marks)}` : undefined);
	useTold(
		listed
			.flatMap(({name, jobs = []}) =>
				jobs.map(job => `Job ${job.name} of ${name}: ${jobWords({name: job.name, state: job.state}, now, marks)}`),
			)
			.join('\n'),
	);
	useTold((status?.others ?? []).map(({name, state}) => `Not boxwizard’s: ${name}, ${state}`).join('\n'));
	return (
		<>
			{listed.map(({name, state, domain = '', version}) => (
				<Told key={name} text={[name, domain, state, version?.title ?? ''].filter(Boolean).join(', ')} />
			))}
			<Text>{foreign?.name ?? rows[at]?.name ?? 'no app'}</Text>
		</>
	);
}

/** Without the numbers that change with every look. */
const boxKeptStill = (status: BoxStatus, now: number, marks: ReturnType<typeof useTheme>['marks']): string =>
	boxParts(status, now, marks)
		.filter(part => !/memory|disk/.test(part))
		.map(part => part.replace(/, checked .*|checked .* ago/, 'checked'))
		.join(', ');
