import {Box} from 'ink';
import {useState} from 'react';
import type {FieldValue} from '../source/field.ts';
import type {Preview} from '../source/preview.ts';
import type {StepForm} from '../source/wizard.ts';
import {isTyped} from './draft.ts';
import {Form} from './form.tsx';
import {useKeys} from './front.ts';
import type {KeyHint} from './key-bar.tsx';
import {type Marks, useLook} from './look.ts';
import {Page, type Room} from './page.tsx';
import {Paragraph, wrapWords} from './paragraph.tsx';
import {PreviewScreen} from './preview.tsx';
import {Quiet} from './text.tsx';

type Props = {
	readonly form: StepForm;
	/** What Enter on the last field does: 'next', 'back to the plan', 'try again'. */
	readonly submits: string;
	readonly onChange: (name: string, value: FieldValue) => void;
	readonly onSubmit: () => void;
	readonly onBack: () => void;
	readonly onLeaveOut?: () => void;
	readonly load?: () => Promise<readonly Preview[]>;
	readonly faults?: Readonly<Record<string, string>>;
};

/** Any step: what it is for, and what it must know. */
export function StepScreen(props: Props) {
	const {form, load, onBack, onLeaveOut, onSubmit} = props;
	const {marks} = useLook();
	const [previewing, setPreviewing] = useState(false);
	const empty = form.fields.length === 0;
	useKeys((input, key) => {
		if (key.escape) onBack();
		else if (key.ctrl && input === 'p' && load) setPreviewing(true);
		else if (key.ctrl && input === 'x') onLeaveOut?.();
		else if (key.return && empty) onSubmit();
	}, !previewing);
	if (previewing && load) {
		const {title, id} = form.summary;
		return <PreviewScreen title={title} step={id} load={load} onBack={() => setPreviewing(false)} />;
	}

	return (
		<Page title={form.summary.title} hints={hintsOf(props, marks)}>
			{room => <StepBody {...props} room={room} />}
		</Page>
	);
}

function hintsOf({form, submits, load, onLeaveOut}: Props, marks: Marks): readonly KeyHint[] {
	const {fields} = form;
	return [
		[marks.enter, submits],
		...(fields.some(field => !field.detail && !isTyped(field) && field.kind !== 'keys')
			? ([[marks.sides, 'change']] as const)
			: []),
		...(fields.some(field => field.kind === 'keys') ? ([['space', 'tick']] as const) : []),
		...(fields.some(field => field.detail) && fields.some(field => !field.detail)
			? ([['^D', 'details']] as const)
			: []),
		...(load ? ([['^P', 'preview']] as const) : []),
		...(onLeaveOut ? ([['^X', 'skip']] as const) : []),
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	];
}

function StepBody({form, room, onChange, onSubmit, faults}: Props & {room: Room}) {
	const {why, hazard} = form.summary;
	const rows = wrapWords([why, ...(hazard ? [hazards[hazard]] : [])].join('\n'), room.width).length + 1;
	return (
		<Box flexDirection="column">
			<Paragraph>{form.summary.why}</Paragraph>
			{form.summary.hazard ? <Paragraph quiet>{hazards[form.summary.hazard]}</Paragraph> : null}
			<Box marginTop={1}>
				{form.fields.length === 0 ? (
					<Quiet>Nothing to ask: it knows all it needs.</Quiet>
				) : (
					<Form
						key={form.summary.id}
						fields={form.fields}
						room={{width: room.width, height: Math.max(2, room.height - rows)}}
						onChange={onChange}
						onSubmit={onSubmit}
						faults={faults}
					/>
				)}
			</Box>
		</Box>
	);
}

const hazards = {
	lockout: 'Guarded: unless a fresh login proves the door, the box takes it back by itself.',
	reboot: 'The box restarts here; the road goes on by itself.',
} as const;
