import {Box, Text} from 'ink';
import stringWidth from 'string-width';
import type {Choice, Field} from '../../source/contract/ui/field.ts';
import {indexFor} from '../parts/choose.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Accent, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import type {FieldProps} from './text-field.tsx';

const yesNo: readonly Choice[] = [
	{value: 'yes', title: 'yes'},
	{value: 'no', title: 'no'},
];

/** A few values side by side: chosen by arrows, number or first letter. */
export function ChoiceField({field, focused, width, onChange, onMove, onDone}: FieldProps) {
	const choices = field.kind === 'yes-no' ? yesNo : (field.choices ?? []);
	// None, where a person has yet to decide.
	const chosen = choices.findIndex(choice => choice.value === chosenValue(field));
	const choose = (index: number) => {
		const choice = choices[(index + choices.length) % choices.length];
		if (choice) onChange(field.kind === 'yes-no' ? choice.value === 'yes' : choice.value);
	};
	useKeys((input, key) => {
		if (key.return) return onDone();
		if (key.upArrow || (key.tab && key.shift)) return onMove(-1);
		if (key.downArrow || key.tab) return onMove(1);
		if (key.leftArrow) return choose(Math.max(0, chosen) - 1);
		if (key.rightArrow || input === ' ') return choose(chosen + 1);
		if (key.ctrl || key.meta) return;
		const index = indexFor(choices, input, chosen);
		if (index !== undefined) choose(index);
	}, focused);
	return <ChoiceLine choices={choices} chosen={chosen} focused={focused} width={width} />;
}

function chosenValue(field: Field): string | undefined {
	if (typeof field.value === 'boolean') return field.value ? 'yes' : 'no';
	return typeof field.value === 'string' ? field.value : undefined;
}

type LineProps = {
	readonly choices: readonly Choice[];
	readonly chosen: number;
	readonly focused: boolean;
	readonly width: number;
};

const gap = 3;

function ChoiceLine({choices, chosen, focused, width}: LineProps) {
	const {marks} = useTheme();
	const whole = choices.reduce(
		(sum, choice) => sum + marks.unchecked.length + 1 + stringWidth(choice.title) + gap,
		-gap,
	);
	const current = choices[chosen];
	if (whole > width) {
		const text = `< ${current?.title ?? ''} >`;
		return (
			<Text wrap="truncate">
				{focused ? <Accent>{text}</Accent> : text}
				<Quiet>{`  ${chosen + 1} of ${choices.length}  ${current?.description ?? ''}`}</Quiet>
			</Text>
		);
	}

	return (
		<Box aria-role="radiogroup" gap={gap}>
			{choices.map((choice, index) => (
				<Box key={choice.value} aria-role="radio" aria-state={{selected: index === chosen}}>
					{index === chosen ? (
						<Mark focused={focused}>{`${marks.checked} ${choice.title}`}</Mark>
					) : (
						<Quiet>{`${marks.unchecked} ${choice.title}`}</Quiet>
					)}
				</Box>
			))}
		</Box>
	);
}

function Mark({focused, children}: {focused: boolean; children: string}) {
	return focused ? <Accent bold>{children}</Accent> : <Text>{children}</Text>;
}
