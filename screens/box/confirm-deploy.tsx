import {Box, Text} from 'ink';
import type {AppStatus} from '../../source/contract/status.ts';
import {Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';
import {shortId} from './rows.ts';

type Props = {
	readonly app: string;
	/** How it stands, where that is known. */
	readonly now: AppStatus | undefined;
	readonly answers: Readonly<Record<string, unknown>>;
	readonly onDeploy: () => void;
	readonly onBack: () => void;
};

const about =
	'The newest commit is made ready beside what runs, tried, and switched to. What fails on the way is taken back, and what runs now runs on.';

/** Said before a new version goes live. */
export function ConfirmDeploy({app, now, answers, onDeploy, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((_, key) => {
		if (key.return) onDeploy();
		else if (key.escape) onBack();
	});
	const {repository, branch} = answers;
	const hints = [
		[marks.enter, 'deploy'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page title={`Deploy ${app}?`} hints={hints} wide>
			{() => (
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
					</Box>
				</Box>
			)}
		</Page>
	);
}
