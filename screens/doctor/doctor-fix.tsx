import {Box} from 'ink';
import {useEffect, useState} from 'react';
import type {Finding} from '../../source/contract/diagnosis/examination.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {Quiet, Spinner} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {previewLines} from '../plan/preview-lines.ts';

type Props = {
	readonly finding: Finding;
	/** Looks at the box. */
	readonly load: () => Promise<Preview>;
	readonly onFix: () => void;
	readonly onBack: () => void;
};

/** Every command and file change of a fix, before it runs. */
export function FindingFix({finding, load, onFix, onBack}: Props) {
	const {marks} = useTheme();
	const [preview, setPreview] = useState<Preview>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	useKeys((_, key) => {
		if (key.escape) onBack();
		else if (key.return && preview) onFix();
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: looked at once, when the screen appears
	useEffect(() => {
		let gone = false;
		load().then(
			found => gone || setPreview(found),
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, []);
	const why = finding.fix?.why ?? '';
	const hints = [
		...(preview ? ([[marks.enter, 'do it']] as const) : []),
		[marks.arrows, 'scroll'] as const,
		['esc', 'back'] as const,
	];
	return (
		<Page title={`${finding.fix?.title ?? ''}: what it does`} hints={hints} wide>
			{room => {
				if (trouble) return <TroublePanel trouble={trouble} room={room} />;
				if (!preview) {
					return (
						<Box gap={1} marginTop={1}>
							<Spinner />
							<Quiet>Looking at the box</Quiet>
						</Box>
					);
				}

				const taken = wrapWords(why, room.width).length + 2;
				return (
					<Box flexDirection="column" marginTop={1}>
						<Paragraph>{why}</Paragraph>
						<Box marginTop={1}>
							<Scroll
								lines={broken(previewLines(preview), room.width)}
								room={{...room, height: room.height - taken - 1}}
							/>
						</Box>
					</Box>
				);
			}}
		</Page>
	);
}
