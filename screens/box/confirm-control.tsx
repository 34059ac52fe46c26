import {Box} from 'ink';
import type {ServiceCommand} from '../../source/contract/service.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** The name of an app, of a service, or of a program that is not boxwizard's. */
	readonly program: string;
	readonly action: ServiceCommand;
	/** What is interrupted by it, a sentence each. */
	readonly interrupts: readonly string[];
	readonly onConfirm: () => void;
	readonly onBack: () => void;
};

const words: Readonly<Record<ServiceCommand, string>> = {restart: 'Restart', stop: 'Stop', start: 'Start'};

/** Said before something is restarted, stopped or started. */
export function ConfirmControl({program, action, interrupts, onConfirm, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((_, key) => {
		if (key.return) onConfirm();
		else if (key.escape) onBack();
	});
	const hints = [
		[marks.enter, action],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page title={`${words[action]} ${program}?`} hints={hints} wide>
			{() => (
				<Box flexDirection="column">
					{(interrupts.length > 0 ? interrupts : ['Nobody is interrupted.']).map(sentence => (
						<Paragraph key={sentence}>{sentence}</Paragraph>
					))}
				</Box>
			)}
		</Page>
	);
}
