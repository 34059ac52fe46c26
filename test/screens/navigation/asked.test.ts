import {expect, it} from 'vitest';
import {askedSteps, ownForm} from '../../../screens/navigation/asked.ts';
import type {Field} from '../../../source/contract/ui/field.ts';
import type {StepForm} from '../../../source/contract/ui/setup.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
	name,
	kind: 'text',
	title: name,
	value: '',
	detail: false,
	optional: false,
	generated: false,
	problem: () => undefined,
	...more,
});

const form = (id: string, fields: readonly Field[], more: Partial<StepForm> = {}): StepForm => ({
	summary: {id, title: id, why: 'For a test.'},
	fields,
	wanted: true,
	ofApp: true,
	...more,
});

const domain = field('domain', {askedAt: 'web'});
const names = (forms: readonly StepForm[], id: string) => ownForm(forms, id)?.fields.map(({name}) => name);

it('asks once for what several steps take, at the first of them', () => {
	const forms = [form('app/layout', [field('app')]), form('app/release', [field('app'), field('repository')])];
	expect(names(forms, 'app/layout')).toEqual(['app']);
	expect(names(forms, 'app/release')).toEqual(['repository']);
});

it('asks for an app’s domain where its site is made, though its settings take it first', () => {
	const forms = [form('blog:app/environment', [domain, field('secretKey')]), form('blog:web/nginx', [domain])];
	expect(names(forms, 'blog:app/environment')).toEqual(['secretKey']);
	expect(names(forms, 'blog:web/nginx')).toEqual(['domain']);
	expect(askedSteps([form('app/environment', [domain]), form('web/nginx', [domain])], [])).toEqual(['web/nginx']);
});

it('asks for it at the first one all the same, where no site is made, or the box itself takes it before', () => {
	const settings = form('app/environment', [domain]);
	expect(names([settings, form('web/nginx', [domain], {wanted: false})], 'app/environment')).toEqual(['domain']);
	const forms = [form('system/hostname', [domain], {ofApp: undefined as never}), settings, form('web/nginx', [domain])];
	expect(forms.map(({summary}) => names(forms, summary.id))).toEqual([['domain'], [], []]);
});
