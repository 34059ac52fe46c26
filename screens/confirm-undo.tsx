import {Box, Text} from 'ink';
import type {StepForm} from '../source/wizard.ts';
import {useKeys} from './front.ts';
import {Page} from './page.tsx';
import {Paragraph} from './paragraph.tsx';
import {Quiet} from './text.tsx';

type Props = {
	readonly forms: readonly StepForm[];
	readonly onUndo: () => void;
	readonly onBack: () => void;
};

/** Said before anything is taken back: what can't come back. */
export function ConfirmUndo({forms, onUndo, onBack}: Props) {
	useKeys((input, key) => {
		if (input === 'u') onUndo();
		else if (key.escape) onBack();
	});
	const keeping = forms.filter(form => form.keeps);
	const hints = [
		['u', forms.length === 1 ? 'undo it' : 'undo it all'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page
			title={forms.length === 1 ? `Take back “${forms[0]?.summary.title ?? ''}”?` : 'Take it all back?'}
			hints={hints}
		>
			{() => (
				<Box flexDirection="column">
					<Paragraph>
						{forms.length === 1
							? 'Its files become what they were before, and the packages it added go.'
							: 'Every step is taken back, the last one first: files become what they were before, packages that were added go, doors that were closed open again.'}
					</Paragraph>
					{keeping.length > 0 ? (
						<Box marginTop={1} flexDirection="column">
							<Text>What stays:</Text>
							{keeping.map(form => (
								<Text key={form.summary.id} wrap="truncate">
									<Quiet>{`${form.summary.title}: ${form.keeps ?? ''}`}</Quiet>
								</Text>
							))}
						</Box>
					) : null}
				</Box>
			)}
		</Page>
	);
}
