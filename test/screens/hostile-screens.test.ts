import {describe, it} from 'vitest';
import {everywhere, expectOwn, line, open, walkToLog} from './hostile-terminal.ts';

describe('a hostile box on the screens', () => {
	it('draws nothing but what is ours: question, survey, log, trouble', async () => {
		const terminal = await open(everywhere(Array.from({length: 50}, () => line)));
		await walkToLog(terminal);
		await terminal.see(/Next/);
		expectOwn(terminal);
		terminal.type('\u0003');
		await terminal.see('Leave now?');
		terminal.type('\r');
		await terminal.exited;
		expectOwn(terminal);
	});

	it.each(['plain', 'json'])('prints nothing but text: %s', async manner => {
		const options = {...everywhere(Array.from({length: 50}, () => line)), authenticate: undefined as never};
		const terminal = await open({...options, authenticate: context => context.accept()}, manner);
		await terminal.exited;
		expectOwn(terminal);
	});
});
