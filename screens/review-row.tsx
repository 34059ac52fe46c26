import {Box, Text} from 'ink';
import type {Preview} from '../source/preview.ts';
import type {StepForm} from '../source/wizard.ts';
import {type Marks, useLook} from './look.ts';
import {inShort} from './preview-lines.ts';
import {Accent, Quiet} from './text.tsx';

type Props = {
	readonly form: StepForm;
	readonly preview: Preview | undefined;
	readonly leftOut: boolean;
	readonly here: boolean;
	readonly width: number;
};

/** A step of the plan: taken in or left out, and what it would do. */
export function ReviewRow({form, preview, leftOut, here, width}: Props) {
	const {marks} = useLook();
	const state = leftOut ? 'left out' : (preview?.state ?? '');
	const mark = leftOut ? marks.off : state === 'in place' ? marks.done : marks.todo;
	const title = `${here ? marks.pointer : ' '} ${mark} ${form.summary.title.padEnd(20)}`;
	return (
		<Box width={width} aria-role="checkbox" aria-state={{checked: !leftOut, selected: here}}>
			<Text wrap="truncate">
				<Title here={here} quiet={leftOut}>
					{title}
				</Title>
				<Quiet>{detailOf(state, preview, form, marks)}</Quiet>
			</Text>
		</Box>
	);
}

function Title({here, quiet, children}: {here: boolean; quiet: boolean; children: string}) {
	if (here) return <Accent bold>{children}</Accent>;
	return quiet ? <Quiet>{children}</Quiet> : <Text>{children}</Text>;
}

function detailOf(state: string, preview: Preview | undefined, form: StepForm, marks: Marks): string {
	if (state === 'unknown') return 'depends on a step before it';
	if (state !== 'to do' || preview === undefined) return state;
	if (preview.commands.length === 0) return 'only looks';
	const guarded = form.summary.hazard === 'lockout' ? ['guarded'] : form.summary.hazard ? ['restarts'] : [];
	return [...guarded, inShort(preview, marks)].filter(part => part !== '').join(` ${marks.dot} `);
}
