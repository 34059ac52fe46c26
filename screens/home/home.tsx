import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import stringWidth from 'string-width';
import {type BoxDue, daysWords} from '../../source/contract/due.ts';
import type {Reached} from '../../source/contract/status.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import type {KnownHost} from '../../source/contract/ui/known-host.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {Choose, type ChooseItem} from '../parts/choose.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Told} from '../parts/spoken.tsx';
import {Bad} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';

export type HomeChoice =
	| {readonly to: 'box' | 'resume' | 'doctor' | 'troubleshoot' | 'forget'; readonly target: string}
	| {readonly to: 'new' | 'renewals' | 'practice' | 'quit'};

type Props = {
	/** Undefined while they are read. */
	readonly hosts: readonly KnownHost[] | undefined;
	/** How their apps are seen from here, as far as it is known by now. */
	readonly reached?: readonly Reached[];
	/** Their dates as they are remembered. */
	readonly dues?: readonly BoxDue[];
	/** Why they could not be read. */
	readonly trouble?: TroubleParts;
	readonly canPractise: boolean;
	readonly onChoose: (choice: HomeChoice) => void;
};

/** The boxes known on this machine, and the ways to another. */
export function Home({hosts, reached = [], dues = [], trouble, canPractise, onChoose}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	// To those who listen the list is said once; what is learnt of it is said by itself.
	const listed = {hosts: hosts ?? [], reached: listens ? undefined : reached, dues, canPractise, marks};
	const [under, setUnder] = useState<string>();
	const choose = (value: string) => {
		if (value === 'new' || value === 'renewals' || value === 'practice' || value === 'quit') onChoose({to: value});
		else if (value.startsWith('resume ')) onChoose({to: 'resume', target: value.slice('resume '.length)});
		else onChoose({to: 'box', target: value.slice('box '.length)});
	};
	const box = boxUnder(under ?? itemsOf(listed, 0)[0]?.value ?? '');
	// A letter of its own could be that of a box.
	useKeys((input, key) => {
		if (key.tab && hosts?.length) onChoose({to: 'renewals'});
		else if (key.ctrl && box !== undefined && input === 'd') onChoose({to: 'doctor', target: box});
		else if (key.ctrl && box !== undefined && input === 't') onChoose({to: 'troubleshoot', target: box});
		else if (key.ctrl && box !== undefined && input === 'f') onChoose({to: 'forget', target: box});
	});
	const hints = [
		[marks.arrows, 'move'],
		[marks.enter, 'choose'],
		...(hosts?.length ? ([[marks.tab, 'renewals']] as const) : []),
		...(box === undefined
			? []
			: ([
					['^D', 'doctor'],
					['^T', 'app fails'],
					['^F', 'forget'],
				] as const)),
		['?', 'help'],
		['q', 'quit'],
	] as const;
	return (
		<Page title="From a bare server to your own app over HTTPS" hints={hints} wide>
			{({width, height}) => (
				<Box flexDirection="column" marginTop={1}>
					<Box marginBottom={1}>
						<Paragraph quiet>Every command is shown before it runs, and can be taken back.</Paragraph>
					</Box>
					{trouble ? (
						<Box marginBottom={1} flexDirection="column">
							<Bad>{`! ${trouble.what}`}</Bad>
							<Paragraph>{trouble.next}</Paragraph>
						</Box>
					) : null}
					{reached.map(({target, app, state, problem}) => (
						<Told key={`${target} ${app}`} text={`Seen from here: ${reachedWords({app, state, problem})}`} />
					))}
					{hosts === undefined ? null : (
						<>
							{hosts.length > 0 ? <Text>Your boxes</Text> : null}
							<Choose
								items={itemsOf(listed, width)}
								onChoose={choose}
								onHighlight={setUnder}
								titles={Math.min(34, Math.max(18, ...hosts.map(host => host.label.length + 2)))}
								limit={Math.max(4, height - (hosts.length > 0 && !listens ? 8 : 6))}
							/>
							{hosts.length > 0 && !listens ? (
								<Box marginTop={1}>
									<SeenFromHere reached={reached.filter(({target}) => target === box)} />
								</Box>
							) : null}
						</>
					)}
				</Box>
			)}
		</Page>
	);
}

/** What the marks of the box under the hand stand for: an empty line until something is known. */
function SeenFromHere({reached}: {reached: readonly Reached[]}) {
	const {marks} = useTheme();
	const words = reached.toSorted((one, other) => urgency[one.state] - urgency[other.state]).map(reachedWords);
	return (
		<Text wrap="truncate" dimColor>
			{words.length === 0 ? ' ' : `Seen from here: ${words.join(` ${marks.dot} `)}`}
		</Text>
	);
}

/** What is wrong is said first: the line may be cut. */
const urgency: Readonly<Record<Reached['state'], number>> = {silent: 0, amiss: 1, up: 2};

/** 'blog is up', 'blog answers 502', 'blog: its certificate is over'. What it is told may come from the box. Pure. */
export function reachedWords({app, state, problem}: Pick<Reached, 'app' | 'state' | 'problem'>): string {
	const said = cleanLine(problem ?? '').trim();
	switch (state) {
		case 'up':
			return `${app} is up`;
		case 'amiss':
		case 'silent':
			return said.startsWith('answers') ? `${app} ${said}` : `${app}: ${said || 'no answer'}`;
		default:
			return state satisfies never;
	}
}

/** The target of the box in the list; undefined for its other items. */
function boxUnder(value: string): string | undefined {
	return /^(?:box|resume) (?<target>.+)$/.exec(value)?.groups?.target;
}

type Listed = {
	readonly hosts: readonly KnownHost[];
	/** Undefined where it is not shown. */
	readonly reached: readonly Reached[] | undefined;
	readonly dues: readonly BoxDue[];
	readonly canPractise: boolean;
	readonly marks: Marks;
};

function itemsOf({hosts, reached, dues, canPractise, marks}: Listed, width: number): ChooseItem[] {
	const roomy = width > 72;
	const states = hosts.map(host => statesOf(host, reached, marks));
	const column = Math.max(21, ...states.map(text => stringWidth(text) + 2));
	const stopped = hosts.find(host => host.stoppedAt !== undefined);
	return [
		...(stopped ? [{value: `resume ${stopped.target}`, title: 'Go on', hint: goOnHint(stopped)}] : []),
		...hosts.map((host, index) => ({
			value: `box ${host.target}`,
			title: host.label,
			hint: hintOf(host, padded(states[index] ?? '', column), reached ?? [], roomy),
		})),
		{value: 'new', title: 'New box', hint: 'an address and its root login are all it takes', apart: hosts.length > 0},
		...(hosts.length > 0 ? [{value: 'renewals', title: 'Renewals', hint: dueNext(dues)}] : []),
		...(canPractise
			? [{value: 'practice', title: 'Practice', hint: 'the same steps on a throw-away box on this machine'}]
			: []),
		{value: 'quit', title: 'Quit'},
	];
}

/** What a reminder is due of, the most urgent first: '! shop.example.com: Debian 12, 12 days, and 1 more'. Pure. */
export function dueNext(boxes: readonly BoxDue[]): string {
	const due = boxes
		.flatMap(({label, dues}) => dues.map(one => ({...one, label})))
		.filter(({reminder}) => reminder !== undefined)
		.toSorted((one, other) => one.days - other.days);
	const [first] = due;
	if (first === undefined) return 'what ends when, on all boxes';
	const more = due.length > 1 ? `, and ${due.length - 1} more` : '';
	return `! ${first.what.includes(first.label) ? '' : `${first.label}: `}${first.what}, ${daysWords(first)}${more}`;
}

function goOnHint({label, stoppedAt}: KnownHost): string {
	return `${label} stopped at “${stoppedAt}”`;
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** Apps that are named in the list; the others are counted. */
const named = 3;

/** Of a box that is set up: each app's state as it is seen from here; else how far its set-up came. */
function statesOf(host: KnownHost, reached: Listed['reached'], marks: Marks): string {
	const {target, apps, kind, done, total, stoppedAt} = host;
	const isSetUp = done > 0 && stoppedAt === undefined;
	if (!isSetUp || apps.length === 0 || reached === undefined) {
		const progress = total === 0 ? 'not begun' : isSetUp || done >= total ? 'done' : `${done} of ${total}`;
		return kind === undefined ? progress : `${kind.slice(0, 10).padEnd(11)}${progress}`;
	}

	const stateMarks = {up: marks.done, amiss: marks.attention, silent: marks.failed} as const;
	const words = apps.slice(0, named).map(({name, domain}) => {
		const state = reached.find(one => one.target === target && one.app === name)?.state;
		// Nobody can look at one that has no address.
		const mark = state === undefined ? (domain === undefined ? marks.off : marks.dot) : stateMarks[state];
		return `${mark} ${name}`;
	});
	return [...words, ...(apps.length > named ? [`and ${apps.length - named} more`] : [])].join('  ');
}

function hintOf(host: KnownHost, states: string, reached: readonly Reached[], roomy: boolean): string {
	if (host.unreadable !== undefined) return '! its journal can’t be read; choose it to see why';
	const seen = roomy && host.lastSeen ? `seen ${ago(host.lastSeen, Date.now())}` : '';
	const days = certificateDaysOf(host, reached);
	return `${states}${(days === undefined ? '' : certificateWords(days)).padEnd(15)}${seen}`;
}

/** Of the certificate that ends first: as it is served now, else as the journal knows it. */
function certificateDaysOf(host: KnownHost, reached: readonly Reached[]): number | undefined {
	const known = [host.certificateDays, ...host.apps.map(({certificateDays}) => certificateDays)];
	const served = reached.filter(({target}) => target === host.target).map(({certificateDays}) => certificateDays);
	const fresh = served.filter(days => days !== undefined);
	const days = fresh.length >= host.apps.length && fresh.length > 0 ? fresh : known.filter(one => one !== undefined);
	return days.length === 0 ? undefined : Math.min(...days);
}

/** How long a certificate lasts, with a mark when it is time to act. */
export function certificateWords(days: number): string {
	if (days < 0) return '! TLS expired';
	return days < 15 ? `! TLS ${days} days` : `TLS ${days} days`;
}

/** A past moment (ISO 8601) as a person says it. @param now milliseconds */
export function ago(moment: string, now: number): string {
	const days = Math.floor((now - Date.parse(moment)) / 86_400_000);
	if (Number.isNaN(days)) return 'before';
	if (days <= 0) return 'today';
	return days === 1 ? 'yesterday' : `${days} days ago`;
}
