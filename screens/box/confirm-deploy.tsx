import {Box, Text} from 'ink';
import {useEffect, useState} from 'react';
import type {Coming} from '../../source/contract/coming.ts';
import type {AppStatus} from '../../source/contract/status.ts';
import {asTrouble, type Trouble} from '../../source/contract/trouble.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import {comingLines} from '../../source/render/wording.ts';
import {Form} from '../form/form.tsx';
import {Working} from '../parts/activity.tsx';
import {Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {shortId} from './rows.ts';

type Props = {
	readonly app: string;
	/** How it stands, where that is known. */
	readonly now: AppStatus | undefined;
	readonly answers: Readonly<Record<string, unknown>>;
	/** What the branch, tag or commit of this name brings; without one, the newest of the app's branch. */
	readonly look: (ref: string | undefined) => Promise<Coming>;
	/** @param to the id of the version that was shown */
	readonly onDeploy: (to: string) => void;
	readonly onBack: () => void;
};

type Seen = {readonly coming: Coming} | {readonly trouble: Trouble} | {readonly since: number};

const about =
	'It is made ready beside what runs, tried, and switched to. What fails on the way is taken back, and what runs now runs on.';

/** What a new version brings, before it goes live; another one than the newest can be named. */
export function ConfirmDeploy(props: Props) {
	const {app, look, onDeploy, onBack} = props;
	const {marks} = useTheme();
	const [ref, setRef] = useState('');
	const [typing, setTyping] = useState(false);
	const [asked, setAsked] = useState({ref: '', count: 0});
	const [seen, setSeen] = useState<Seen>(() => ({since: Date.now()}));
	// biome-ignore lint/correctness/useExhaustiveDependencies: one look each time it is asked for
	useEffect(() => {
		let gone = false;
		const told = (next: Seen) => gone || setSeen(next);
		setSeen({since: Date.now()});
		look(asked.ref === '' ? undefined : asked.ref).then(
			coming => told({coming}),
			(error: unknown) => told({trouble: asTrouble(error)}),
		);
		return () => {
			gone = true;
		};
	}, [asked]);
	const ask = () => {
		setTyping(false);
		setAsked({ref: ref.trim(), count: asked.count + 1});
	};
	useKeys((input, key) => {
		if (key.escape) typing ? setTyping(false) : onBack();
		else if (typing) return;
		else if (input === 'r') setTyping(true);
		else if (key.return && 'coming' in seen) onDeploy(seen.coming.version.id);
		else if (key.return && 'trouble' in seen) ask();
	});
	const enters = typing ? 'look at it' : 'coming' in seen ? 'deploy' : 'trouble' in seen ? 'try again' : undefined;
	const hints = [
		...(enters === undefined ? [] : ([[marks.enter, enters]] as const)),
		...(typing ? [] : ([['r', 'another version']] as const)),
		[typing ? '^G' : '?', 'help'] as const,
		['esc', 'back'] as const,
	];
	return (
		<Page
			title={`Deploy ${app}?`}
			hints={hints}
			wide
			activity={'since' in seen ? <Working words="Looking what it brings" since={seen.since} /> : null}
		>
			{room => {
				if (typing)
					return (
						<Form fields={[refField(ref)]} room={room} onChange={(_, text) => setRef(String(text))} onSubmit={ask} />
					);
				if ('trouble' in seen) return <TroublePanel trouble={seen.trouble.toJSON()} room={room} />;
				return <Body {...props} room={room} coming={'coming' in seen ? seen.coming : undefined} />;
			}}
		</Page>
	);
}

function refField(value: string): Field {
	return {
		name: 'ref',
		kind: 'text',
		title: 'Version',
		placeholder: 'the newest of its branch',
		description: 'A branch, a tag or a commit, for this deploy alone.',
		value,
		detail: false,
		optional: true,
		generated: false,
		problem: () => undefined,
	};
}

type BodyProps = Pick<Props, 'now' | 'answers'> & {readonly room: Room; readonly coming: Coming | undefined};

function Body({now, answers, room, coming}: BodyProps) {
	const {repository, branch} = answers;
	const lines = coming ? comingLines(coming) : [];
	// What is of most weight stands last, and is always seen: of the commits only some, where there is no room for all.
	const rest = lines.filter(({title}) => title !== '');
	const above = wrapWords(about, room.width).length + 1 + 4 + rest.length;
	const most = Math.max(0, room.height - above);
	const commits = lines.filter(({title}) => title === '');
	const shown = commits.slice(0, commits.length > most ? Math.max(0, most - 1) : most);
	const hidden = commits.length - shown.length;
	return (
		<Box flexDirection="column">
			<Paragraph>{about}</Paragraph>
			<Box flexDirection="column" marginTop={1}>
				<Fact title="From">{typeof repository === 'string' ? repository : 'its repository'}</Fact>
				{typeof branch === 'string' && branch !== '' ? <Fact title="Branch">{branch}</Fact> : null}
				<Fact title="Live now">
					{now?.version ? `${shortId(now.version.id)} ${now.version.title}` : 'not known yet'}
				</Fact>
				{now?.domain ? (
					<Fact title="Serves">
						<Text>{`https://${now.domain}`}</Text>
					</Fact>
				) : null}
				{rest.map(({title, text}) => (
					<Box key={title} flexDirection="column">
						<Fact title={title}>{text}</Fact>
						{title === 'New'
							? shown.map(commit => (
									<Fact key={commit.text} title="">
										{commit.text}
									</Fact>
								))
							: null}
						{title === 'New' && hidden > 0 && most > 0 ? (
							<Fact title="">{`and ${(coming?.commits ?? 0) - shown.length} more`}</Fact>
						) : null}
					</Box>
				))}
			</Box>
		</Box>
	);
}
