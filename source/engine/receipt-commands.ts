import {quote} from '../contract/command.ts';
import type {Operation} from '../remote/recorder.ts';
import {body, stateFolder, stepFolder, title} from '../remote/script.ts';

/** Files as they are to be, and the commands between them. */
export function operationLines(operations: readonly Operation[]): string[] {
	const blocks: string[][] = [];
	let commands: string[] = [];
	const endCommands = () => {
		if (commands.length > 0) blocks.push(fenced('sh', commands));
		commands = [];
	};
	for (const operation of operations) {
		if (operation.kind !== 'file') {
			commands.push(...shell(operation));
			continue;
		}

		endCommands();
		const {path, mode, owner, content} = operation;
		blocks.push(
			[`\`${path}\` (mode ${mode}, owner ${owner}):`, ''],
			fenced('', String(content).replace(/\n$/, '').split('\n')),
		);
	}

	endCommands();
	return blocks.flat();
}

/** In a fence that is longer than any in the text. */
export function fenced(language: string, lines: readonly string[]): string[] {
	const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}${language}`, ...lines, fence, ''];
}

/** An operation as a command that stands without boxwizard's own functions. */
function shell(operation: Operation): string[] {
	switch (operation.kind) {
		case 'folder':
			return [`install -d -m ${operation.mode} ${ownerFlags(operation.owner)} ${quote(operation.path)}`];
		case 'line':
			return [
				`# in ${operation.path}${operation.replacing === '' ? '' : `, in place of ${operation.replacing}`}:`,
				`# ${operation.line}`,
			];
		case 'link':
			return [`ln -sfn ${quote(operation.target)} ${quote(operation.path)}`];
		case 'remove':
			return [`rm ${quote(operation.path)}`];
		case 'packages':
			return [`apt-get install --no-install-recommends ${operation.names.join(' ')}`];
		case 'upgrade':
			return ['apt-get update', 'apt-get full-upgrade'];
		case 'backup':
			return [`# kept as it was: ${operation.path}`];
		case 'service':
			return [serviceCommand(operation)];
		case 'handOver':
			return [
				...operation.others.map(
					unit => `systemctl ${operation.how === 'stop' ? 'disable --now' : 'restart'} ${quote(unit)}`,
				),
				`systemctl enable --now ${quote(operation.unit)}`,
			];
		case 'handBack':
			return [
				`systemctl disable --now ${quote(operation.unit)}`,
				...operation.others.map(unit => `systemctl enable --now ${quote(unit)}`),
			];
		case 'records':
			return [`# ${title(operation)}`];
		default:
			return body([operation]).flatMap(text => text.split('\n'));
	}
}

/** What stood before a step lies on the box, below the step's folder: the two functions that fetch it from there. */
export const fetching = [
	`kept=${stateFolder}`,
	'back() {',
	'\tif [ -e "$kept/$1/original$2" ] || [ -L "$kept/$1/original$2" ]; then rm -f "$2"; cp -aT "$kept/$1/original$2" "$2"',
	'\telif [ -e "$kept/$1/absent$2" ]; then rm -f "$2"; fi',
	'}',
	'purge() { if [ -e "$kept/$1/packages" ]; then xargs -a "$kept/$1/packages" apt-get purge; fi; }',
];

/** Below /var/lib/boxwizard. */
function folderOf(id: string): string {
	return stepFolder(id).slice(stateFolder.length + 1);
}

export function byHand(id: string, operation: Operation): string[] {
	if (operation.kind === 'restore') return [`back ${folderOf(id)} ${quote(operation.path)}`];
	if (operation.kind === 'removePackages') return [`purge ${folderOf(id)}`];
	if (operation.kind !== 'file') return shell(operation);
	const {path, mode, owner, content} = operation;
	return [
		`install -m ${mode} ${ownerFlags(owner)} /dev/stdin ${quote(path)} <<'END'`,
		String(content).replace(/\n$/, ''),
		'END',
	];
}

function serviceCommand({action, unit}: Extract<Operation, {kind: 'service'}>): string {
	return `systemctl ${action}${action === 'enable' || action === 'disable' ? ' --now' : ''} ${quote(unit)}`;
}

function ownerFlags(owner: string): string {
	const [user = 'root', group = user] = owner.split(':');
	return `-o ${quote(user)} -g ${quote(group)}`;
}
