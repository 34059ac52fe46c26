import {expect, test} from 'vitest';
import {difference} from './road/boxes/snapshot.ts';

const path = '/etc/security/namespace.init';
const stood = [`file ${path} 755 root:root f`, `content ${path} aaa`];
const of = (version: string, ...lines: readonly string[]) => new Set([`version pam ${version}`, ...lines]);
const shipped = `shipped pam ${path}`;
const before = of('1', shipped, ...stood);
const changed = [stood[0] ?? '', `content ${path} bbb`];

test.each([
	['a file that an upgraded package replaced', before, of('2', shipped, ...changed), []],
	['one that it brought', of('1'), of('2', shipped, ...changed), []],
	[
		'one that is not as the package ships it',
		before,
		of('2', ...changed),
		[`+ content ${path} bbb`, `- content ${path} aaa`],
	],
	[
		'one that was changed by hand before, and is the package’s now',
		of('1', ...stood),
		of('2', shipped, ...changed),
		[`+ content ${path} bbb`, `- content ${path} aaa`],
	],
	[
		'one whose package is the same',
		before,
		of('1', shipped, ...changed),
		[`+ content ${path} bbb`, `- content ${path} aaa`],
	],
	['one that is gone', before, of('2'), [`- content ${path} aaa`, `- ${stood[0]}`]],
	[
		'one with other rights',
		before,
		of('2', shipped, `file ${path} 777 root:root f`, `content ${path} bbb`),
		[`+ file ${path} 777 root:root f`, `- ${stood[0]}`],
	],
	[
		'one of a package that was not there',
		new Set<string>(),
		of('2', shipped, ...changed),
		[`+ content ${path} bbb`, `+ ${stood[0]}`],
	],
])('two states of a box differ as they should in %s', (_, one, other, lines) => {
	expect(difference(one, other, [])).toEqual(lines);
});
