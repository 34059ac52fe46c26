import {Box} from 'ink';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** The name of an app, or of a program that is not boxwizard's. */
	readonly program: string;
	/** What is interrupted by it, a sentence each. */
	readonly interrupts: readonly string[];
	readonly onRestart: () => void;
	readonly onBack: () => void;
};

/** Said before something is started anew. */
export function ConfirmRestart({program, interrupts, onRestart, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((_, key) => {
		if (key.return) onRestart();
		else if (key.escape) onBack();
	});
	const hints = [
		[marks.enter, 'restart'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page title={`Restart ${program}?`} hints={hints} wide>
			{() => (
				<Box flexDirection="column">
					{interrupts.map(sentence => (
						<Paragraph key={sentence}>{sentence}</Paragraph>
					))}
				</Box>
			)}
		</Page>
	);
}
