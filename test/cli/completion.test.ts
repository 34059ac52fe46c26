import {describe, expect, it, test} from 'vitest';
import {type Known, suggestions} from '../../source/cli/program/completion.ts';
import {createProgram} from '../../source/cli/program/program.ts';
import {catalogue} from '../../steps/index.ts';

const program = createProgram();

const known: Known = {
	hosts: () => [{word: 'blog.example.com', what: 'blog'}],
	apps: host => (host === 'blog.example.com' ? ['blog', 'shop'] : []).map(word => ({word, what: ''})),
	actions: () => ['list', 'set'].map(word => ({word, what: ''})),
};
const offered = (...words: readonly string[]) => suggestions(program, words, known).map(({word}) => word);

test.each([
	[['dep'], ['deploy']],
	[['deploy', ''], ['blog.example.com']],
	[['deploy', 'blog.example.com', 's'], ['shop']],
	[['restart', 'blog.example.com', 's'], ['shop']],
	[['deploy', 'blog.example.com', 'shop', ''], []],
	[['deploy', '--identity', 'k', 'blog.example.com', 's'], ['shop']],
	[['deploy', '--js'], ['--json']],
	[['renewals', 'r'], ['renew']],
	[
		['renewals', ''],
		['renew', 'blog.example.com'],
	],
	[['reminders', 'i'], ['install']],
	[['setup', '--kind', ''], catalogue.kinds.map(({name}) => name)],
	[
		['env', 'blog.example.com', ''],
		['blog', 'shop', 'list', 'set'],
	],
	[['env', 'blog.example.com', 'blog', 's'], ['set']],
	[
		['completion', ''],
		['bash', 'zsh', 'fish'],
	],
])('%j offers %j', (words, expected) => {
	expect(offered(...words)).toEqual(expected);
});

describe('nothing is offered', () => {
	it('where a file is wanted, so that the shell offers its own', () => {
		expect(offered('deploy', '--identity', '')).toEqual([]);
	});

	it('of a command that runs on the box', () => {
		expect(offered('run', 'blog.example.com', '--', '')).toEqual([]);
	});

	it('that is hidden', () => {
		expect(offered('complet')).toEqual(['completion']);
		expect(offered('reminders', 'check', '--f')).toEqual([]);
	});
});

test('every command is offered by its name', () => {
	const names = program.commands.map(one => one.name()).filter(name => name !== 'complete');
	expect(offered('')).toEqual(names);
});
