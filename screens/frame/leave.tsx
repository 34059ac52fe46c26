import {Box} from 'ink';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Accent} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** What is running: steps, or an app in the foreground. */
	readonly running: 'steps' | 'app' | undefined;
	/** How to go on later; undefined while no box is open. */
	readonly command: string | undefined;
	/** The box goes with the wizard. */
	readonly passing: boolean;
	readonly onLeave: () => void;
	readonly onStay: () => void;
};

/** Asked once before leaving. */
export function Leave({running, command, passing, onLeave, onStay}: Props) {
	const {marks} = useTheme();
	useKeys((input, key) => {
		if (input === 'y' || key.return || (key.ctrl && input === 'c')) onLeave();
		else if (input === 'n' || key.escape) onStay();
	});
	const hints = [
		[marks.enter, 'leave'],
		['esc', 'stay'],
	] as const;
	return (
		<Page title="Leave now?" hints={hints}>
			{() => (
				<Box flexDirection="column">
					<Paragraph>{passing ? goes : safe(running, command)}</Paragraph>
					{command ? (
						<>
							<Box marginTop={1}>
								<Paragraph>Your answers are kept. Go on at the same place, whenever you like:</Paragraph>
							</Box>
							<Box marginTop={1} paddingLeft={2}>
								<Accent bold>{command}</Accent>
							</Box>
						</>
					) : null}
				</Box>
			)}
		</Page>
	);
}

const goes = 'This practice box goes when you leave, with all that is on it. Started with --keep, it stays.';

function safe(running: Props['running'], command: string | undefined): string {
	if (command === undefined) return 'Nothing was touched.';
	if (running === 'app') return 'The app is given back to what supervises it, and runs as it did before.';
	return running
		? 'The box is safe: what runs on it now runs to its end by itself, and a change to its door is taken back unless it was proven.'
		: 'The box is safe: nothing is running on it.';
}
