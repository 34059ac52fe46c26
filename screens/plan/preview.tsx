import {Box, Text} from 'ink';
import {useEffect, useState} from 'react';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {Quiet, Spinner} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {previewLines} from './preview-lines.ts';

type Props = {
	readonly title: string;
	readonly step: string;
	/** Looks at the box. */
	readonly load: () => Promise<readonly Preview[]>;
	readonly onBack: () => void;
};

/** All that a step would do to the box as it is now: diffs, packages, commands. */
export function PreviewScreen({title, step, load, onBack}: Props) {
	const {marks} = useTheme();
	const [preview, setPreview] = useState<Preview | 'none'>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	useKeys((input, key) => {
		if (key.escape || input === 'q' || (key.ctrl && input === 'p')) onBack();
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: looked at once, when the screen appears
	useEffect(() => {
		let gone = false;
		load().then(
			previews => gone || setPreview(previews.find(one => one.step === step) ?? 'none'),
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, []);
	const hints = [
		[marks.arrows, 'scroll'],
		['space', 'page'],
		['esc', 'back'],
	] as const;
	return (
		<Page title={`${title}: what it does`} hints={hints} wide>
			{room => {
				if (trouble) return <TroublePanel trouble={trouble} room={room} />;
				if (preview === undefined) return <Looking />;
				if (preview === 'none') return <Text>Nothing: the answers do not call for it.</Text>;
				return (
					<Box marginTop={1}>
						<Scroll lines={broken(previewLines(preview), room.width)} room={{...room, height: room.height - 1}} />
					</Box>
				);
			}}
		</Page>
	);
}

function Looking() {
	return (
		<Box gap={1} marginTop={1}>
			<Spinner />
			<Quiet>Looking at the box</Quiet>
		</Box>
	);
}
