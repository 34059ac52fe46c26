import {createTwoFilesPatch, diffLines} from 'diff';
import type {Box} from '../contract/box.ts';
import {Secret} from '../contract/secret.ts';
import type {Probe} from '../contract/step.ts';
import type {FileChange, Preview} from '../contract/ui/preview.ts';
import {createProbe} from '../remote/probe.ts';
import type {Operation} from '../remote/recorder.ts';
import {title} from '../remote/script.ts';

/** Commands, packages and file diffs of recorded operations. Files are read from the box in one round trip. */
export async function describe(box: Box, operations: readonly Operation[]): Promise<Omit<Preview, 'step' | 'state'>> {
	const $ = createProbe(box);
	const files = await Promise.all(operations.flatMap(operation => changeOf($, operation) ?? []));
	return {
		commands: operations.map(title),
		files,
		packages: operations.flatMap(operation => (operation.kind === 'packages' ? operation.names : [])),
	};
}

function changeOf($: Probe, operation: Operation): Promise<FileChange> | undefined {
	if (operation.kind === 'remove') return removal($, operation.path);
	if (operation.kind === 'line') return lineChange($, operation);
	if (operation.kind !== 'file') return undefined;
	const {path, content} = operation;
	if (content instanceof Secret) {
		return Promise.resolve({
			path,
			patch: '',
			added: content.toString().split('\n').length - 1,
			removed: 0,
			secret: true,
		});
	}

	return read($, path).then(before => change(path, before, content));
}

async function removal($: Probe, path: string): Promise<FileChange> {
	const before = await read($, path);
	return {path, patch: '', added: 0, removed: before.split('\n').length - 1, secret: false};
}

async function lineChange($: Probe, {path, line, replacing}: Extract<Operation, {kind: 'line'}>): Promise<FileChange> {
	const before = await read($, path);
	const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n');
	if (lines.includes(line)) return change(path, before, before);
	const at = replacing === '' ? -1 : lines.findIndex(candidate => asRegExp(replacing).test(candidate));
	const after = at === -1 ? [...lines, line] : lines.with(at, line);
	return change(path, before, `${after.join('\n')}\n`);
}

/** An extended regular expression (POSIX XBD 9.4) with its character classes as JavaScript has them. */
function asRegExp(extended: string): RegExp {
	return new RegExp(
		extended.replaceAll(/\[:(space|blank|digit|alnum|alpha|upper|lower):\]/g, (_, name: string) => classes[name] ?? ''),
	);
}

const classes: Readonly<Record<string, string>> = {
	space: '\\s',
	blank: ' \\t',
	digit: '0-9',
	alnum: 'A-Za-z0-9',
	alpha: 'A-Za-z',
	upper: 'A-Z',
	lower: 'a-z',
};

/** The content with its last newline, which a probe's answer drops; '' where there is no file. */
async function read($: Probe, path: string): Promise<string> {
	const content = await $`cat -- ${path}`;
	return content === '' ? '' : `${content}\n`;
}

function change(path: string, before: string, after: string): FileChange {
	const counts = {added: 0, removed: 0};
	for (const part of diffLines(before, after)) {
		if (part.added) counts.added += part.count;
		if (part.removed) counts.removed += part.count;
	}

	const patch = before === after ? '' : createTwoFilesPatch(path, path, before, after, 'now', 'then', {context: 2});
	return {path, patch, ...counts, secret: false};
}
