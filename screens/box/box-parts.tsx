import {Box, Text} from 'ink';
import stringWidth from 'string-width';
import type {ForeignProgram} from '../../source/contract/status.ts';
import type {Notice, Seen} from '../navigation/seen.ts';
import {Working} from '../parts/activity.tsx';
import {windowOf} from '../parts/rail.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {type AppRow, shortId, span} from './rows.ts';

type SelectedProps = {
	readonly seen: Seen;
	readonly row: AppRow | undefined;
	/** Cells of the table's column for addresses. */
	readonly domainWidth: number;
};

/** What has no room in the table: an address that is cut there, the whole title of the version, and where the app listens. */
export function Selected({seen: {status, at = 0}, row, domainWidth}: SelectedProps) {
	const {marks} = useTheme();
	const app = status?.apps.find(({name}) => name === row?.name);
	const {version, port, restarts = 0, since} = app ?? {};
	const isCut = row !== undefined && stringWidth(row.domain) > domainWidth;
	const parts = [
		...(isCut ? [row.domain] : []),
		...(version ? [`${shortId(version.id)} “${version.title}”`] : []),
		...(since === undefined ? [] : [`since ${moment(Date.parse(since), at)}`]),
		...(port === undefined ? [] : [`port ${port}`]),
		...(restarts > 0 ? [`started again ${restarts} ${restarts === 1 ? 'time' : 'times'}`] : []),
	];
	return (
		<Box marginTop={1}>
			<Text wrap="truncate">
				<Accent>{row?.name ?? ''}</Accent>
				<Quiet>{row === undefined ? ' ' : `  ${parts.join(` ${marks.dot} `)}`}</Quiet>
			</Text>
		</Box>
	);
}

/** A moment as a clock shows it, with its day where that is another one. Milliseconds. */
function moment(time: number, now: number): string {
	const [date, clock] = local(time);
	return date === local(now)[0] ? clock : `${date} ${clock}`;
}

function local(time: number): [date: string, clock: string] {
	const shifted = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
	return [shifted.slice(0, 10), shifted.slice(11, 16)];
}

/** What stands in the place of an app's details where a program is under the hand that is not boxwizard's. */
export function SelectedForeign({program: {name, manager}}: {readonly program: ForeignProgram}) {
	return (
		<Box marginTop={1}>
			<Text wrap="truncate">
				<Accent>{name}</Accent>
				<Quiet>{`  ${manager} keeps it running; an undo never touches it`}</Quiet>
			</Text>
		</Box>
	);
}

/** Programs that are not boxwizard's that are shown at once. */
export const shownForeign = 4;

type OthersProps = {
	readonly others: readonly ForeignProgram[];
	/** The one under the hand. */
	readonly selected: ForeignProgram | undefined;
};

export function Others({others, selected}: OthersProps) {
	const {marks} = useTheme();
	const {up, down} = {up: marks.done, down: marks.failed};
	const {from, to} = windowOf(others.length, selected ? others.indexOf(selected) : 0, shownForeign);
	return (
		<Box flexDirection="column" marginTop={1}>
			<Quiet>Not boxwizard’s, and left alone</Quiet>
			{others.slice(from, to).map(program => {
				const {name, manager, state} = program;
				const text = `${state === 'up' ? up : state === 'down' ? down : '?'} ${state.padEnd(8)} ${name}  `;
				return (
					<Text key={`${manager} ${name}`} wrap="truncate">
						{program === selected ? <Accent bold>{`${marks.pointer} ${text}`}</Accent> : `  ${text}`}
						<Quiet>{manager}</Quiet>
					</Text>
				);
			})}
			{to - from < others.length ? <Quiet>{`  ${from + 1}-${to} of ${others.length}`}</Quiet> : null}
		</Box>
	);
}

type FootProps = {
	readonly seen: Seen;
	readonly notice: Notice | undefined;
	/** Milliseconds, as Date.now() counts. */
	readonly now: number;
};

/** The last line: what came of what was done, or that the box is away; else nothing, so that the page is calm. */
export function Foot({seen: {status, at, away}, notice, now}: FootProps) {
	const {marks} = useTheme();
	useTold(notice?.text);
	useTold(away ? 'The box does not answer. What was seen last is kept.' : undefined);
	if (away) {
		const last = at === undefined ? '' : `, as it was at ${moment(at, now)}`;
		const why = away.why === undefined ? '' : ` ${away.why}`;
		return <Bad>{`${marks.attention} No answer from the box for ${span(now - away.since)}${last}.${why}`}</Bad>;
	}

	if (notice?.bad) return <Bad bold>{`${marks.attention} ${notice.text}`}</Bad>;
	if (notice) return <Accent bold>{`${marks.done} ${notice.text}`}</Accent>;
	return status ? null : <Working words="Looking at the box" />;
}
