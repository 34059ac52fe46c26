import {Box, Text} from 'ink';
import {useState} from 'react';
import type {Mend, Warning} from '../../source/contract/detection.ts';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {FileMend} from '../../source/contract/ui/found-app.ts';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {Bad} from '../parts/text.tsx';
import {diffLines} from '../plan/preview-lines.ts';

type Props = {
	readonly warning: Warning;
	/** The diff of a change in the person's own clone; absent where they stand in none. @throws Trouble */
	readonly preview?: (mend: FileMend) => string;
	/** Takes the answer that mends it. */
	readonly onAnswer: (set: Readonly<Record<string, string>>) => void;
	/** Writes the change into the clone. @throws Trouble */
	readonly onWrite: (mend: FileMend) => void;
	readonly onBack: () => void;
};

/** What will go wrong with an app, and what mends it. */
export function WarningScreen({warning, preview, onAnswer, onWrite, onBack}: Props) {
	const {mend} = warning;
	const [fault, setFault] = useState<string>();
	const [patch] = useState(() => patchOf(mend, preview));
	const canWrite = patch !== undefined && !('fault' in patch);
	useKeys((input, key) => {
		if (key.escape) return onBack();
		if (input === 'm' && mend?.type === 'answer') return onAnswer(mend.set);
		if (input !== 'w' || !canWrite || mend === undefined || mend.type === 'answer' || mend.type === 'command') return;
		try {
			onWrite(mend);
		} catch (error) {
			const {what, next} = asTrouble(error);
			setFault(`${what} ${next}`);
		}
	});
	const hints: readonly KeyHint[] = [
		...(mend?.type === 'answer' ? ([['m', 'mend it']] as const) : []),
		...(canWrite ? ([['w', 'write it there']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	];
	const said = fault ?? (patch && 'fault' in patch ? patch.fault : undefined);
	return (
		<Page
			title={warning.severity === 'fails' ? 'This will fail' : 'Worth a thought'}
			hints={hints}
			wide
			activity={said === undefined ? null : <Bad>{said}</Bad>}
		>
			{room => (
				<Box marginTop={1} flexDirection="column">
					<Scroll
						lines={broken(linesOf(warning, patch && 'diff' in patch ? patch.diff : undefined), room.width)}
						room={{...room, height: room.height - 1}}
					/>
					{said === undefined ? null : <Text> </Text>}
				</Box>
			)}
		</Page>
	);
}

type Patch = {readonly diff: string} | {readonly fault: string};

function patchOf(mend: Mend | undefined, preview: Props['preview']): Patch | undefined {
	if (!preview || mend === undefined || mend.type === 'answer' || mend.type === 'command') return undefined;
	try {
		return {diff: preview(mend)};
	} catch (error) {
		const {what, evidence = []} = asTrouble(error);
		return {fault: [what, ...evidence].join(' ')};
	}
}

const blank: ScrollLine = {text: ''};

function linesOf({what, means, next, evidence = [], mend}: Warning, diff: string | undefined): ScrollLine[] {
	return [
		{text: what},
		blank,
		{text: means},
		{text: next},
		...(evidence.length > 0 ? [blank, ...evidence.map(text => ({text: `  ${text}`, tone: 'quiet' as const}))] : []),
		...(mend ? [blank, ...mendLines(mend, diff)] : []),
	];
}

/** What is to change: as a diff where the file is here, else to be copied. */
function mendLines(mend: Mend, diff: string | undefined): ScrollLine[] {
	switch (mend.type) {
		case 'answer':
			return [{text: 'm mends it: boxwizard sets it up so.', tone: 'head'}];
		case 'command':
			return [{text: 'Run in your clone', tone: 'head'}, {text: `  ${mend.command}`}];
		case 'write-file':
		case 'change-line':
		case 'remove-line':
			return diff === undefined
				? plainMend(mend)
				: [{text: `In your folder: ${mend.path}`, tone: 'head'}, ...diffLines(diff)];
		default:
			return mend satisfies never;
	}
}

function plainMend(mend: FileMend): ScrollLine[] {
	if (mend.type === 'write-file')
		return [
			{text: `Commit this as ${mend.path}`, tone: 'head'},
			...mend.content
				.trimEnd()
				.split('\n')
				.map(text => ({text: `  ${text}`})),
		];
	if (mend.type === 'remove-line') return [{text: `Take line ${mend.line} out of ${mend.path}`, tone: 'head'}];
	return [{text: `Change line ${mend.line} of ${mend.path} to`, tone: 'head'}, {text: `  ${mend.to}`}];
}
