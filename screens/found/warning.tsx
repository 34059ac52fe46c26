import {Box, Text} from 'ink';
import {useState} from 'react';
import type {Remedy, Warning} from '../../source/contract/detection.ts';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {FileEdit} from '../../source/contract/ui/found-app.ts';
import {CopyScreen} from '../parts/copy.tsx';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {Bad} from '../parts/text.tsx';
import {diffLines} from '../plan/preview-lines.ts';

type Props = {
	readonly warning: Warning;
	/** The diff of a change in the person's own clone; absent where they stand in none. @throws Trouble */
	readonly preview?: (edit: FileEdit) => string;
	/** Takes the answer that mends it. */
	readonly onAnswer: (set: Readonly<Record<string, string>>) => void;
	/** Writes the change into the clone. @throws Trouble */
	readonly onWrite: (edit: FileEdit) => void;
	readonly onBack: () => void;
};

/** What will go wrong with an app, and what mends it. */
export function WarningScreen({warning, preview, onAnswer, onWrite, onBack}: Props) {
	const {remedy} = warning;
	const [fault, setFault] = useState<string>();
	const [isCopying, setCopying] = useState(false);
	const copied = copiedLines(remedy);
	const [patch] = useState(() => patchOf(remedy, preview));
	const canWrite = patch !== undefined && !('fault' in patch);
	useKeys((input, key) => {
		if (isCopying) return;
		if (key.escape) return onBack();
		if (input === 'c' && copied.length > 0) return setCopying(true);
		if (input === 'm' && remedy?.type === 'answer') return onAnswer(remedy.set);
		if (input !== 'w' || !canWrite || remedy === undefined || remedy.type === 'answer' || remedy.type === 'command')
			return;
		try {
			onWrite(remedy);
		} catch (error) {
			const {what, next} = asTrouble(error);
			setFault(`${what} ${next}`);
		}
	});
	const hints: readonly KeyHint[] = [
		...(remedy?.type === 'answer' ? ([['m', 'mend it']] as const) : []),
		...(canWrite ? ([['w', 'write it there']] as const) : []),
		...(copied.length > 0 ? ([['c', 'copy']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	];
	if (isCopying) return <CopyScreen lines={copied} onBack={() => setCopying(false)} />;
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

/** What a person takes to their own editor or terminal: the line, the file, or the command. */
function copiedLines(remedy: Remedy | undefined): readonly string[] {
	switch (remedy?.type) {
		case 'write-file':
			return remedy.content.trimEnd().split('\n');
		case 'change-line':
			return remedy.to.split('\n');
		case 'command':
			return [remedy.command];
		case undefined:
		case 'answer':
		case 'remove-line':
			return [];
		default:
			return remedy satisfies never;
	}
}

type Patch = {readonly diff: string} | {readonly fault: string};

function patchOf(remedy: Remedy | undefined, preview: Props['preview']): Patch | undefined {
	if (!preview || remedy === undefined || remedy.type === 'answer' || remedy.type === 'command') return undefined;
	try {
		return {diff: preview(remedy)};
	} catch (error) {
		const {what, evidence = []} = asTrouble(error);
		return {fault: [what, ...evidence].join(' ')};
	}
}

const blank: ScrollLine = {text: ''};

function linesOf({what, means, next, evidence = [], remedy}: Warning, diff: string | undefined): ScrollLine[] {
	return [
		{text: what},
		blank,
		{text: means},
		{text: next},
		...(evidence.length > 0 ? [blank, ...evidence.map(text => ({text: `  ${text}`, tone: 'quiet' as const}))] : []),
		...(remedy ? [blank, ...remedyLines(remedy, diff)] : []),
	];
}

/** What is to change: as a diff where the file is here, else to be copied. */
function remedyLines(remedy: Remedy, diff: string | undefined): ScrollLine[] {
	switch (remedy.type) {
		case 'answer':
			return [{text: 'm mends it: boxwizard sets it up so.', tone: 'head'}];
		case 'command':
			return [{text: 'Run in your clone', tone: 'head'}, {text: `  ${remedy.command}`}];
		case 'write-file':
		case 'change-line':
		case 'remove-line':
			return diff === undefined
				? editLines(remedy)
				: [{text: `In your folder: ${remedy.path}`, tone: 'head'}, ...diffLines(diff)];
		default:
			return remedy satisfies never;
	}
}

function editLines(edit: FileEdit): ScrollLine[] {
	if (edit.type === 'write-file')
		return [
			{text: `Commit this as ${edit.path}`, tone: 'head'},
			...edit.content
				.trimEnd()
				.split('\n')
				.map(text => ({text: `  ${text}`})),
		];
	if (edit.type === 'remove-line') return [{text: `Take line ${edit.line} out of ${edit.path}`, tone: 'head'}];
	return [{text: `Change line ${edit.line} of ${edit.path} to`, tone: 'head'}, {text: `  ${edit.to}`}];
}
