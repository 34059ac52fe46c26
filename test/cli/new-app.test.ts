import {expect, test} from 'vitest';
import {refusingClashes} from '../../source/cli/plans/app-setups.ts';
import {stepForms} from '../../source/cli/plans/setup-plan.ts';
import type {JournalState} from '../../source/state/journal-state.ts';
import {catalogue} from '../../steps/index.ts';

const state: JournalState = {
	version: 5,
	host: '203.0.113.7',
	port: 22,
	user: 'root',
	box: {answers: {}, leftOut: [], steps: {}},
	apps: {
		gt: {
			kind: 'python',
			answers: {app: 'gt', domain: 'gt.example.org'},
			leftOut: [],
			steps: {'app/code': {state: 'done', at: '2026-11-27T12:00:00.000Z', seconds: 1}},
		},
		// Nothing of it is left on the box: its name and its domain are free again.
		former: {kind: 'python', answers: {app: 'former', domain: 'former.example.org'}, leftOut: [], steps: {}},
	},
};

test.each([
	['app', 'gt', 'There is an app “gt” on this box already.'],
	['app', 'blog', undefined],
	['domain', 'gt.example.org', '“gt.example.org” is served by the app “gt” of this box.'],
	['domain', 'blog.example.org', undefined],
	['app', 'former', undefined],
	['domain', 'former.example.org', undefined],
])('a new app’s %s %s is refused where another app has it', (name, value, problem) => {
	const [kind] = catalogue.kinds;
	const forms = refusingClashes(catalogue, stepForms({steps: kind?.steps ?? [], defaults: {}}, {}, state), state);
	const field = forms.flatMap(({fields}) => fields).find(one => one.name === name);
	expect(field?.problem(value)).toBe(problem);
});

test('a name that another app has, on the way to one of one’s own, asks nothing of the box anew', () => {
	const {steps = []} = catalogue.kinds[0] ?? {};
	const plan = {steps: [...catalogue.box, ...steps], defaults: {}};
	const asked = (app: string) =>
		stepForms(plan, {app}, state, catalogue.box, true).flatMap(({summary, settled}) => (settled ? summary.id : []));
	expect(asked('gt')).toEqual(asked('gtx'));
	expect(asked('gt')).toContain('account/adminUser');
});
