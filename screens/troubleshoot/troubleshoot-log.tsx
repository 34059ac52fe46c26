import type {LineSource} from '../../source/contract/diagnosis/cause.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {LogPage} from '../parts/log-page.tsx';
import type {ScrollLine} from '../parts/scroll.tsx';
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
	return (
		<LogPage
			title={`Log  ${state.app?.log ?? ''}`}
			lines={logLines(state)}
			empty="Nothing was printed yet."
			activity={state.activity ? <Working {...state.activity} /> : null}
			onBack={onBack}
		/>
	);
}

function logLines({lines}: TroubleshootState): ScrollLine[] {
	return lines.flatMap(({from, text}, index) => {
		const line = {text: cleanLine(text)};
		return lines[index - 1]?.from === from ? [line] : [{text: heads[from], tone: 'head' as const}, line];
	});
}
