import {Box} from 'ink';
import {type ReactNode, useState} from 'react';
import {Secret} from '../../source/contract/secret.ts';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import type {FixOffer} from '../../source/contract/ui/troubleshooting.ts';
import {Form} from '../form/form.tsx';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';
import {previewLines} from '../plan/preview-lines.ts';

type Props = {
	readonly offer: FixOffer;
	readonly onApply: (typed?: Secret) => void;
	readonly onBack: () => void;
};

/** A fix before it is applied: why, and every command and file change. One that must be told something asks for it here. */
export function FixScreen({offer, onApply, onBack}: Props) {
	if (offer.asks !== undefined) return <FixForm {...{offer, onApply, onBack}} asks={offer.asks} />;
	return <FixPreview {...{offer, onApply, onBack}} />;
}

function FixPreview({offer, onApply, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((input, key) => {
		if (key.return) onApply();
		else if (key.escape || input === 'q') onBack();
	});
	const hints = [
		[marks.enter, 'apply'],
		[marks.arrows, 'scroll'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<FixPage offer={offer} hints={hints}>
			{room => <Scroll lines={broken(offer.preview ? previewLines(offer.preview) : [], room.width)} room={room} />}
		</FixPage>
	);
}

type FixPageProps = {
	readonly offer: FixOffer;
	readonly hints: readonly KeyHint[];
	/** Below the reason; it is told the room that is left there. */
	readonly children: (room: Room) => ReactNode;
};

function FixPage({offer, hints, children}: FixPageProps) {
	return (
		<Page title={offer.title} hints={hints} wide>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{offer.why}</Paragraph>
					<Box marginTop={1}>
						{children({...room, height: Math.max(2, room.height - wrapWords(offer.why, room.width).length - 1)})}
					</Box>
				</Box>
			)}
		</Page>
	);
}

function FixForm({offer, asks, onApply, onBack}: Props & {asks: string}) {
	const {marks} = useTheme();
	const [value, setValue] = useState<FieldValue>();
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const field: Field = {
		name: asks,
		title: asks,
		kind: 'secret',
		value,
		detail: false,
		optional: false,
		generated: false,
		problem: typed => (typed instanceof Secret && typed.reveal() !== '' ? undefined : 'Type its value'),
	};
	const hints = [
		[marks.enter, 'apply'],
		['^G', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<FixPage offer={offer} hints={hints}>
			{room => (
				<Form
					fields={[field]}
					room={room}
					onChange={(_, typed) => setValue(typed)}
					onSubmit={() => value instanceof Secret && onApply(value)}
				/>
			)}
		</FixPage>
	);
}
