import {expect, test} from 'vitest';
import {railStepsOf} from '../../screens/frame/rail-steps.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {noProgress} from '../../source/render/progress.ts';

const form = (id: string, settled?: true): StepForm => ({
	summary: {id, title: id, why: ''},
	fields: [],
	wanted: true,
	...(settled && {settled}),
});
const forms = [form('ssh/hardening', true), form('app/layout'), form('web/site')];
const shown = (route: Parameters<typeof railStepsOf>[0]['route']) =>
	railStepsOf({route, forms, leftOut: [], previews: [], progress: noProgress}).map(({id}) => id);

test('while one more app is asked about, the rail has none of the steps that the box had before it', () => {
	expect(shown({at: 'step', id: 'app/layout', alone: false})).toEqual(['connect', 'app/layout', 'web/site']);
	expect(shown({at: 'run', kind: 'run'})).toEqual(['connect', 'ssh/hardening', 'app/layout', 'web/site']);
});
