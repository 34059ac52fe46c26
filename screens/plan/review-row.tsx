import {Box, Text} from 'ink';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {Accent, Quiet} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {inShort} from './preview-lines.ts';

type Props = {
	readonly form: StepForm;
	readonly preview: Preview | undefined;
	readonly leftOut: boolean;
	readonly here: boolean;
	readonly width: number;
	/** Columns of the titles. */
	readonly titles: number;
};

/** A step of the plan: taken in or left out, and what it would do. */
export function ReviewRow({form, preview, leftOut, here, width, titles}: Props) {
	const {marks} = useTheme();
	const state = leftOut ? 'left out' : (preview?.state ?? '');
	const detail = stateOfRow(form, preview, leftOut, marks);
	const mark = leftOut ? marks.off : state === 'in place' ? marks.done : marks.todo;
	const title = `${here ? marks.pointer : ' '} ${mark} ${form.summary.title.padEnd(titles)}`;
	return (
		<Box width={width}>
			<Text wrap="truncate">
				<Title here={here} quiet={leftOut}>
					{title}
				</Title>
				<Quiet>{detail}</Quiet>
			</Text>
		</Box>
	);
}

function Title({here, quiet, children}: {here: boolean; quiet: boolean; children: string}) {
	if (here) return <Accent bold>{children}</Accent>;
	return quiet ? <Quiet>{children}</Quiet> : <Text>{children}</Text>;
}

/** How a step stands, and what it would do: 'in place', 'guarded · 1 file +14 · 3 commands'. */
export function stateOfRow(form: StepForm, preview: Preview | undefined, leftOut: boolean, marks: Marks): string {
	if (leftOut) return 'left out';
	if (preview?.state === 'unknown') return 'depends on a step before it';
	if (preview?.state !== 'to do') return preview?.state ?? '';
	if (preview.commands.length === 0) return 'only looks';
	const guarded = form.summary.hazard === 'lockout' ? ['guarded'] : form.summary.hazard ? ['restarts'] : [];
	return [...guarded, inShort(preview, marks)].filter(part => part !== '').join(` ${marks.dot} `);
}
