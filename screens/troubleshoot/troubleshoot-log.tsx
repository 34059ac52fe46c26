import type {LineSource} from '../../source/contract/cause.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {Quiet} from '../parts/text.tsx';
import {useLook} from '../parts/theme.ts';
import type {Sitting} from './troubleshoot-state.ts';

const heads: Readonly<Record<LineSource, string>> = {
	output: 'In the foreground',
	log: 'Before, under its keeper',
	nginx: 'nginx',
	box: 'The box',
	site: 'The site',
};

/** All that was heard, under where it comes from. */
export function SittingLog({sitting, onBack}: {sitting: Sitting; onBack: () => void}) {
	const {marks} = useLook();
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
			title={`Log  ${sitting.app?.log ?? ''}`}
			hints={hints}
			activity={sitting.activity ? <Working {...sitting.activity} /> : null}
			wide
		>
			{room =>
				sitting.lines.length === 0 ? (
					<Quiet>Nothing was printed yet.</Quiet>
				) : (
					<Scroll lines={broken(logLines(sitting), room.width)} room={room} follow />
				)
			}
		</Page>
	);
}

function logLines({lines}: Sitting): ScrollLine[] {
	return lines.flatMap(({from, text}, index) => {
		const line = {text: cleanLine(text)};
		return lines[index - 1]?.from === from ? [line] : [{text: heads[from], tone: 'head' as const}, line];
	});
}
