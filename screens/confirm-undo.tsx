import {Box, Text} from 'ink';
import type {StepForm} from '../source/wizard.ts';
import {useKeys} from './front.ts';
import {useLook} from './look.ts';
import {Page} from './page.tsx';
import {Paragraph, wrapWords} from './paragraph.tsx';
import {broken, Scroll, type ScrollLine} from './scroll.tsx';

type Props = {
	readonly forms: readonly StepForm[];
	readonly onUndo: () => void;
	readonly onBack: () => void;
};

const aboutOne = 'Its files become what they were before, and the packages it added go.';
const aboutAll =
	'Every step is taken back, the last one first: files become what they were before, packages that were added go, doors that were closed open again.';

/** What undo can't bring back of a step, for a list. */
export const stays = ({summary, keeps = ''}: StepForm): ScrollLine => ({
	text: `${summary.title}: ${keeps}`,
	tone: 'quiet',
});

/** Said before anything is taken back: what can't come back. */
export function ConfirmUndo({forms, onUndo, onBack}: Props) {
	const {marks} = useLook();
	useKeys((input, key) => {
		if (input === 'u') onUndo();
		else if (key.escape) onBack();
	});
	const words = forms.length === 1 ? aboutOne : aboutAll;
	const keeping = forms.filter(form => form.keeps);
	const hints = [
		['u', forms.length === 1 ? 'undo it' : 'undo it all'],
		...(keeping.length > 0 ? ([[marks.arrows, 'scroll']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page
			title={forms.length === 1 ? `Take back “${forms[0]?.summary.title ?? ''}”?` : 'Take it all back?'}
			hints={hints}
		>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{words}</Paragraph>
					{keeping.length > 0 ? (
						<Box marginTop={1} flexDirection="column">
							<Text>What stays:</Text>
							<Scroll
								lines={broken(keeping.map(stays), room.width)}
								room={{...room, height: room.height - 3 - wrapWords(words, room.width).length}}
							/>
						</Box>
					) : null}
				</Box>
			)}
		</Page>
	);
}
