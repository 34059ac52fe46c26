import {expect, test} from 'vitest';
import {stepForms, tellingUsers, wholePlan} from '../../source/cli/plans/setup-plan.ts';
import type {JournalState, StepRecord} from '../../source/state/journal-state.ts';
import {catalogue} from '../../steps/index.ts';

const record: StepRecord = {state: 'done', at: '2026-11-27T12:00:00Z', seconds: 3, before: {database: ''}};

const app = (name: string): JournalState['apps'][string] => ({
	kind: 'python',
	answers: {app: name, domain: `${name}.example.org`, database: 'mysql'},
	leftOut: [],
	steps: {'database/database': record},
});

const state: JournalState = {
	version: 5,
	host: '203.0.113.7',
	port: 22,
	user: 'root',
	box: {answers: {user: 'jessica'}, leftOut: [], steps: {}},
	apps: {gt: app('gt'), blog: app('blog')},
	seconds: {'database/database': 3},
};

test('the forms of several apps know what each one’s undo would drop, by its own name', () => {
	const setup = {kind: 'python', answers: {...state.box.answers, ...app('gt').answers}, leftOut: []};
	const plan = wholePlan(catalogue, setup, state);
	const databases = stepForms(plan, plan.answers, state).filter(({summary}) =>
		summary.id.endsWith('database/database'),
	);
	expect(databases.map(({undoable, seconds, drops}) => ({undoable, seconds, name: drops?.name}))).toEqual([
		{undoable: true, seconds: 3, name: 'gt'},
		{undoable: true, seconds: 3, name: 'blog'},
	]);
});

test('the name of an account that is there already is told as such, until it is one that was made from here', () => {
	const setup = {kind: 'python', answers: {user: 'ana'}, leftOut: []};
	const {steps, defaults} = wholePlan(catalogue, setup, {...state, apps: {}});
	const userOf = (seen: typeof state) => {
		const forms = tellingUsers(stepForms({steps, defaults}, setup.answers, seen), ['ana']);
		return forms.flatMap(({fields}) => fields.filter(({name}) => name === 'user')).map(({description}) => description);
	};
	expect(userOf(state)[0]).toBe(
		'ana is a user of this box already. Where you say so, it becomes root, with the keys it has.',
	);
	const made = {...state, box: {...state.box, steps: {'account/adminUser': record}}};
	expect(userOf(made)[0]).toBe('The name you will log in with from now on.');
});
