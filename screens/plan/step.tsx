import {Box} from 'ink';
import {useContext, useState} from 'react';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {isTyped} from '../form/draft.ts';
import {Form} from '../form/form.tsx';
import {Hidden} from '../parts/hidden.tsx';
import type {KeyHint} from '../parts/key-bar.tsx';
import {FrontContext, type Inner, InnerContext, useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {Quiet} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {PreviewScreen} from './preview.tsx';

type Props = {
	readonly form: StepForm;
	/** What Enter on the last field does: 'next', 'done', 'try again'. */
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
	const {marks} = useTheme();
	const [previewing, setPreviewing] = useState(false);
	const [inner, setInner] = useState<Inner>();
	const empty = form.fields.length === 0;
	useKeys((input, key) => {
		if (key.escape) (inner?.onBack ?? onBack)();
		else if (key.ctrl && input === 'p' && load) setPreviewing(true);
		else if (key.ctrl && input === 'x') onLeaveOut?.();
		else if (key.return && empty) onSubmit();
	}, !previewing);
	const {title, id} = form.summary;
	return (
		<InnerContext value={setInner}>
			<FrontContext value={useContext(FrontContext) && !previewing}>
				<Hidden when={previewing}>
					<Page title={title} hints={hintsOf(props, marks, inner)}>
						{room => <StepBody {...props} room={room} />}
					</Page>
				</Hidden>
			</FrontContext>
			{previewing && load ? (
				<PreviewScreen title={title} step={id} load={load} onBack={() => setPreviewing(false)} />
			) : null}
		</InnerContext>
	);
}

function hintsOf({form, submits, load, onLeaveOut}: Props, marks: Marks, inner: Inner | undefined): readonly KeyHint[] {
	const {fields} = form;
	if (inner) return [...inner.hints, ['^G', 'help'], ['esc', 'back to the list'], ['^C', 'leave']];
	return [
		[marks.enter, submits],
		...(fields.some(field => !field.detail && !isTyped(field) && field.kind !== 'keys')
			? ([[marks.sides, 'change']] as const)
			: []),
		...(fields.some(field => field.kind === 'keys') ? ([['space', 'choose']] as const) : []),
		...(fields.some(field => field.detail) && fields.some(field => !field.detail) ? ([['^D', 'more']] as const) : []),
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
	reboot: 'The box restarts here; the set-up goes on by itself.',
} as const;
