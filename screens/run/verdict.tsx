import {Box, Text} from 'ink';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {took} from '../../source/render/wording.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {stays} from '../undo/confirm-undo.tsx';

type Props = {
	readonly kind: 'check' | 'undo';
	readonly summary: Summary;
	readonly forms: readonly StepForm[];
	/** To the plan, to put right what differs: at the first such step. */
	readonly onPlan: (step?: string) => void;
	/** To the commands that were run. */
	readonly onLog: () => void;
	readonly onBack: () => void;
};

/** What a check or an undo came to. */
export function Verdict({kind, summary, forms, onPlan, onLog, onBack}: Props) {
	const {marks} = useTheme();
	const wrong = summary.failed;
	const well = wrong.length === 0;
	useKeys((input, key) => {
		if (input === 'p' || (key.return && kind === 'check' && !well)) onPlan(wrong[0]);
		else if (input === 'l') onLog();
		else if (key.escape || key.return) onBack();
	});
	const kept =
		kind === 'undo'
			? forms.filter(({summary: {id}, notUndone}) => notUndone && summary.changed.includes(id)).map(stays)
			: [];
	const hints = [
		...(kept.length > 0 ? ([[marks.arrows, 'scroll']] as const) : []),
		...(kind === 'check' && !well ? ([[marks.enter, 'put it right']] as const) : ([['p', 'the plan']] as const)),
		['l', 'log'] as const,
		['?', 'help'] as const,
		['esc', 'back'] as const,
		['^C', 'leave'] as const,
	];
	const title = (id: string) => forms.find(form => form.summary.id === id)?.summary.title ?? id;
	const words = kind === 'undo' ? undoWords(well) : checkWords(wrong.length);
	const differing = `${wrong.length} ${wrong.length === 1 ? 'differs' : 'differ'}`;
	const time = took(summary.seconds);
	const counted =
		kind === 'undo'
			? `${summary.changed.length} taken back, in ${time}`
			: `${summary.inPlace.length} in place${well ? '' : `, ${differing}`}, seen in ${time}`;
	return (
		<Page title={kind === 'check' ? 'The check' : 'Undo'} hints={hints} activity={<Quiet>{counted}</Quiet>}>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{`${well ? marks.done : marks.attention} ${words}`}</Paragraph>
					<Box marginTop={1} flexDirection="column">
						{wrong.map(id => (
							<Text key={id}>{`${marks.attention} ${title(id)}`}</Text>
						))}
					</Box>
					{kept.length > 0 && well ? (
						<>
							<Text>What stays:</Text>
							<Scroll lines={broken(kept, room.width)} room={{...room, height: room.height - 4}} />
						</>
					) : null}
				</Box>
			)}
		</Page>
	);
}

const undoWords = (well: boolean) =>
	well ? 'What was done is taken back.' : 'These could not be taken back; the rest is.';

function checkWords(differing: number): string {
	if (differing === 0) return 'Everything is as it should be.';
	return `${differing} ${differing === 1 ? 'step differs' : 'steps differ'} from what you asked for. Nothing was touched.`;
}
