import {Box} from 'ink';
import {type AppSummary, foregroundWords} from '../../source/contract/ui/troubleshooting.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {Fact} from '../parts/facts.tsx';
import type {Room} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Line} from '../parts/scroll.tsx';
import {Bad, Quiet} from '../parts/text.tsx';
import type {TroubleshootState} from './troubleshoot-state.ts';

/** The app as the box has it, and the last lines of what runs. */
export function RunningBody({state, room}: {state: TroubleshootState; room: Room}) {
	const {app, attached, foreground, fixing, work, lines} = state;
	if (!app)
		return (
			<Quiet>
				{attached
					? 'Work of an earlier run still runs on the box, and is waited for.'
					: 'The box is asked how it runs the app.'}
			</Quiet>
		);
	const said =
		fixing === undefined ? lines.filter(({from}) => from === 'output' || from === 'box').map(({text}) => text) : work;
	const shown = Math.max(1, room.height - 5 - Math.min(1, app.faults.length) - (foreground ? 3 : 0));
	return (
		<Box flexDirection="column">
			<Facts app={app} />
			{foreground && fixing === undefined ? (
				<Box marginTop={1}>
					<Paragraph quiet>{foregroundWords(foreground)}</Paragraph>
				</Box>
			) : null}
			<Box flexDirection="column" marginTop={1} aria-hidden>
				{said.slice(-shown).map((text, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Line key={index} line={{text: cleanLine(text), tone: 'quiet'}} />
				))}
			</Box>
		</Box>
	);
}

function Facts({app}: {app: AppSummary}) {
	const {manager, supervised, answers} = app;
	const answer = answers === undefined ? '' : answers === 0 ? ', does not answer' : `, answers ${answers}`;
	return (
		<>
			<Fact title="Program" width={10}>
				{app.command}
			</Fact>
			<Fact title="As" width={10}>
				{`${app.user}, in ${app.folder}`}
			</Fact>
			<Fact title="Now" width={10}>
				{`${supervised} under ${manager}${answer}`}
			</Fact>
			{app.faults[0] === undefined ? null : (
				<Fact title="Visitors" width={10}>
					<Bad>{app.faults[0]}</Bad>
				</Fact>
			)}
		</>
	);
}
