import {Box} from 'ink';
import {useEffect, useState} from 'react';
import type {Fit, Release} from '../../source/contract/release.ts';
import {asTrouble, type Trouble} from '../../source/contract/trouble.ts';
import {releaseWords} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {Choose} from '../parts/choose.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';

type Props = {
	readonly app: string;
	readonly list: () => Promise<readonly Release[]>;
	readonly look: (release: string) => Promise<Fit>;
	readonly onRollback: (release: string) => void;
	readonly onBack: () => void;
};

type Seen = {readonly releases: readonly Release[]} | {readonly trouble: Trouble} | {readonly since: number};

/** The versions of an app that lie on its box; one of before is looked at, and can take over again. */
export function ReleasesScreen({app, list, look, onRollback, onBack}: Props) {
	const [seen, setSeen] = useState<Seen>(() => ({since: Date.now()}));
	const [chosen, setChosen] = useState<Release>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: one look when the page is opened
	useEffect(() => {
		list().then(
			releases => setSeen({releases}),
			(error: unknown) => setSeen({trouble: asTrouble(error)}),
		);
	}, []);
	if (chosen)
		return <ConfirmRollback {...{app, look, onRollback}} release={chosen} onBack={() => setChosen(undefined)} />;
	return <ReleaseList {...{app, seen, onBack}} onChoose={setChosen} />;
}

type ListProps = Pick<Props, 'app' | 'onBack'> & {
	readonly seen: Seen;
	readonly onChoose: (release: Release) => void;
};

function ReleaseList({app, seen, onChoose, onBack}: ListProps) {
	const {marks} = useTheme();
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const releases = 'releases' in seen ? seen.releases : [];
	const hints = [
		...(releases.length > 0 ? ([[marks.arrows, 'move'] as const, [marks.enter, 'look at it'] as const] as const) : []),
		['?', 'help'] as const,
		['esc', 'back'] as const,
	];
	return (
		<Page
			title={`Releases of ${app}`}
			hints={hints}
			wide
			activity={'since' in seen ? <Working words="Looking which there are" since={seen.since} /> : null}
		>
			{room => {
				if ('trouble' in seen) return <TroublePanel trouble={seen.trouble.toJSON()} room={room} />;
				return (
					<Box flexDirection="column">
						<Paragraph>
							{'since' in seen || releases.length > 0
								? 'One of before can take over again in a second or two: everything it stands on is still there. Times are UTC.'
								: 'None lies on the box yet.'}
						</Paragraph>
						<Box marginTop={1}>
							<Choose
								items={releases.map(release => ({value: release.name, title: releaseWords(release)}))}
								onChoose={name => {
									const release = releases.find(one => one.name === name);
									if (release && !release.isLive && release.isWhole) onChoose(release);
								}}
								limit={room.height - 4}
							/>
						</Box>
					</Box>
				);
			}}
		</Page>
	);
}

type ConfirmProps = Omit<Props, 'list'> & {readonly release: Release};

/** Whether it fits, before anything is done. */
function ConfirmRollback({app, release, look, onRollback, onBack}: ConfirmProps) {
	const {marks} = useTheme();
	const [since] = useState(() => Date.now());
	const [seen, setSeen] = useState<{readonly fit: Fit} | {readonly trouble: Trouble}>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: one look for each release
	useEffect(() => {
		let gone = false;
		look(release.name).then(
			fit => gone || setSeen({fit}),
			(error: unknown) => gone || setSeen({trouble: asTrouble(error)}),
		);
		return () => {
			gone = true;
		};
	}, [release.name]);
	const fits = seen !== undefined && 'fit' in seen && seen.fit.verdict === 'fits';
	useKeys((_, key) => {
		if (key.escape) onBack();
		else if (key.return && fits) onRollback(release.name);
	});
	const hints = [
		...(fits ? ([[marks.enter, 'roll back']] as const) : []),
		['?', 'help'] as const,
		['esc', 'back'] as const,
	];
	return (
		<Page
			title={`Take ${app} back?`}
			hints={hints}
			wide
			activity={seen === undefined ? <Working words="Looking whether it fits the tables" since={since} /> : null}
		>
			{room => {
				if (seen && 'trouble' in seen) return <TroublePanel trouble={seen.trouble.toJSON()} room={room} />;
				return (
					<Box flexDirection="column">
						<Paragraph>{releaseWords(release)}</Paragraph>
						<Box flexDirection="column" marginTop={1}>
							{seen ? verdictLines(seen.fit).map(line => <Paragraph key={line}>{line}</Paragraph>) : null}
						</Box>
					</Box>
				);
			}}
		</Page>
	);
}

function verdictLines({verdict, lines}: Fit): readonly string[] {
	if (verdict === 'fits')
		return [
			...lines,
			'It starts beside what runs, is tried, and takes over. The database and the settings stay as they are.',
		];
	return [
		'Its code does not fit the tables as they are now: pages of it would fail. The way back is a new commit.',
		...lines,
	];
}
