import type {LineSource} from '../../source/contract/diagnosis/cause.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import type {TroubleshootState} from './troubleshoot-state.ts';

const heads: Readonly<Record<LineSource, string>> = {
	output: 'In the foreground',
	log: 'Before, under its process manager',
	nginx: 'nginx',
	box: 'The box',
	site: 'The site',
};

/** All that was heard, under where it comes from. */
export function TroubleshootLog({state, onBack}: {state: TroubleshootState; onBack: () => void}) {
	const {marks} = useTheme();
	useKeys((input, key) => {
		if (key.escape || input === 'l' || input === 'q') onBack();
	});
	const hints = [
		[marks.arrows, 'scroll'],
		['space', 'page'],
		['g G', 'start, end'],
		['esc', 'back'],
	] as const;
	return (
		<Page
			title={`Log  ${state.app?.log ?? ''}`}
			hints={hints}
			activity={state.activity ? <Working {...state.activity} /> : null}
			wide
		>
			{room =>
				state.lines.length === 0 ? (
					<Quiet>Nothing was printed yet.</Quiet>
				) : (
					<Scroll lines={broken(logLines(state), room.width)} room={room} follow />
				)
			}
		</Page>
	);
}

function logLines({lines}: TroubleshootState): ScrollLine[] {
	return lines.flatMap(({from, text}, index) => {
		const line = {text: cleanLine(text)};
		return lines[index - 1]?.from === from ? [line] : [{text: heads[from], tone: 'head' as const}, line];
	});
}
