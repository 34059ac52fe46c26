import {Box} from 'ink';
import {Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

/** What every key does, and what the marks mean. */
export function Help({about, onBack}: {about: string; onBack: () => void}) {
	const {marks} = useTheme();
	useKeys(() => onBack());
	const keys = [
		[marks.enter, 'go on; in a form: next field'],
		[marks.arrows, `move; ${marks.tab} does too`],
		['1-9 a-z', 'choose by number or first letter'],
		['^P ^D', 'in a form: preview, details'],
		['^X', 'in a form: leave the step out'],
		['^U ^W', 'in a field: clear it, clear a word'],
		['esc', 'back'],
		['^C', 'leave; says how to go on later'],
	] as const;
	const states = [
		[marks.done, 'done'],
		[marks.current, 'now'],
		[marks.todo, 'to do'],
		[marks.off, 'left out'],
		[marks.failed, 'failed'],
	] as const;
	return (
		<Page title="Help" hints={[['any key', 'back']]}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>{about}</Paragraph>
					<Box flexDirection="column" marginTop={1}>
						{keys.map(([key, words]) => (
							<Fact key={key} title={key} width={10}>
								{words}
							</Fact>
						))}
					</Box>
					<Box marginTop={height > 14 ? 1 : 0} aria-hidden>
						<Quiet>{states.map(([mark, words]) => `${mark} ${words}`).join('   ')}</Quiet>
					</Box>
				</Box>
			)}
		</Page>
	);
}
