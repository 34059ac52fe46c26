import {Box, Text} from 'ink';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {loggedLines, type Progress} from '../../source/render/progress.ts';
import {liveWords} from '../../source/render/wording.ts';
import {Fact} from '../parts/facts.tsx';
import {LogTail} from '../parts/log.tsx';
import type {Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {countsOf} from '../plan/preview-lines.ts';
import {Waiting} from './waiting.tsx';

type Props = {
	readonly progress: Progress;
	readonly form: StepForm | undefined;
	readonly preview: Preview | undefined;
	readonly room: Room;
};

/** The step that is worked on: why, what changes, and the last lines of its output. */
export function RunBody({progress, form, preview, room}: Props) {
	if (progress.wait) return <Waiting wait={progress.wait} room={room} />;
	if (!form) return <Quiet>{progress.steps.length === 0 ? 'Making the plan' : ''}</Quiet>;
	const changes = preview?.state === 'to do' ? preview : undefined;
	const facts = changes ? factsOf(changes) : 0;
	const guard = progress.armed
		? `Guarded: without a fresh login the box takes this back within ${progress.armed} s.`
		: '';
	const above =
		wrapWords(form.summary.why, room.width).length +
		1 +
		(facts > 0 ? facts + 1 : 0) +
		(guard === '' ? 0 : wrapWords(guard, room.width).length + 1);
	const live = progress.live?.isNew ? liveWords(progress.live) : '';
	const tail = Math.max(1, room.height - above - 1 - (live === '' ? 0 : 2));
	return (
		<Box flexDirection="column">
			<Paragraph>{form.summary.why}</Paragraph>
			{live === '' ? null : (
				<Box marginTop={1}>
					<Fact title="Live" width={factWidth}>
						{live}
					</Fact>
				</Box>
			)}
			{changes && facts > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					<Changes preview={changes} />
				</Box>
			) : null}
			{guard === '' ? null : (
				<Box marginTop={1}>
					<Paragraph quiet>{guard}</Paragraph>
				</Box>
			)}
			<Box marginTop={1}>
				<LogTail log={loggedLines(progress)} step={progress.current} height={tail} />
			</Box>
		</Box>
	);
}

const filesShown = 3;
const factWidth = 10;

const factsOf = ({files, packages, commands}: Preview): number =>
	Math.min(filesShown, files.length) + (packages.length > 0 ? 1 : 0) + (commands.length > 0 ? 1 : 0);

function Changes({preview}: {preview: Preview}) {
	const {marks} = useTheme();
	const {files, packages, commands} = preview;
	const more = files.length - filesShown;
	return (
		<>
			{files.slice(0, filesShown).map((file, index) => (
				<Fact key={file.path} title={index === 0 ? 'Changes' : ''} width={factWidth}>
					<Box gap={2}>
						<Text wrap="truncate-start">{file.path}</Text>
						<Box flexShrink={0}>
							<Quiet>
								{`${countsOf(file, marks.minus)}${more > 0 && index === filesShown - 1 ? `  and ${more} more` : ''}`}
							</Quiet>
						</Box>
					</Box>
				</Fact>
			))}
			{packages.length > 0 ? (
				<Fact title="Installs" width={factWidth}>
					{packages.length > 3 ? `${packages.length} packages: ${packages.join(' ')}` : packages.join(' ')}
				</Fact>
			) : null}
			{commands.length > 0 ? (
				<Fact title="Runs" width={factWidth}>
					{commands.join(` ${marks.dot} `)}
				</Fact>
			) : null}
		</>
	);
}
