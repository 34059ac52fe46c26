import {readFileSync} from 'node:fs';
import {quote} from '../contract/command.ts';
import {plainText, Secret} from '../contract/secret.ts';
import type {Text} from '../contract/step.ts';
import {instanceOf} from '../contract/step-id.ts';
import type {Operation} from './recorder.ts';

/** Where boxwizard keeps what it needs on the box: root only. */
export const stateFolder = '/var/lib/boxwizard';

/** Where the originals of what a step touches are kept: with the box, or with the app whose step it is. @param id the step's record id (step-id.ts) */
export function stepFolder(id: string): string {
	const {app, id: own} = instanceOf(id);
	return `${stateFolder}/${app === undefined ? 'box' : `apps/${app}`}/${own}`;
}

/** A script for the box, and the secrets that must lie beside it, by file name. */
export type Script = {readonly text: string; readonly secrets: Readonly<Record<string, Secret>>};

/** How a secret stands in a script: by the file it is read from, or by its mask. */
type Feed = (text: Text) => string;

/** The recorded operations as lines to read: what a preview shows and a test case holds. Secrets are masked. */
export function body(operations: readonly Operation[]): string[] {
	return operations.flatMap(operation => render(operation, text => hereDocument(String(text))));
}

/**
 * The recorded operations as a bash script that stops at the first failure and prints each command before it runs it.
 * `secrets` is the folder where the secrets will lie; the text holds none.
 * @param step its record id (step-id.ts)
 */
export function script(step: string, operations: readonly Operation[], secrets: string, guarded = false): Script {
	const kept: Record<string, Secret> = {};
	const feed: Feed = text => {
		if (!(text instanceof Secret)) return hereDocument(text);
		const name = String(Object.keys(kept).length + 1);
		kept[name] = text;
		return ` < ${secrets}/${name}`;
	};
	const lines = operations.flatMap(operation => [
		`printf '%s\\n' ${quote(`$ ${title(operation)}`)}`,
		...render(operation, feed),
	]);
	const state = `step_state=${stepFolder(step)}${guarded ? `\nguard_state=${stateFolder}/guard/kept` : ''}`;
	return {text: [state, verbs(), ...lines].join('\n'), secrets: kept};
}

let loaded: string | undefined;

/** The bash functions behind the verbs. */
export function verbs(): string {
	loaded ??= readFileSync(new URL('verbs.sh', import.meta.url), 'utf8');
	return loaded;
}

/** One line that says what an operation does, for those who have not read the verbs. */
export function title(operation: Operation): string {
	switch (operation.kind) {
		case 'run':
			return operation.command.split('\n')[0] ?? '';
		case 'file':
			return `write ${operation.path} (${operation.mode} ${operation.owner})`;
		case 'folder':
			return `make the folder ${operation.path} (${operation.mode} ${operation.owner})`;
		case 'line':
			return `set in ${operation.path}: ${operation.line}`;
		case 'link':
			return `link ${operation.path} to ${operation.target}`;
		case 'remove':
			return `remove ${operation.path}`;
		case 'backup':
			return `back up ${operation.path}`;
		case 'restore':
			return `put back ${operation.path} as it was`;
		case 'packages':
			return `install ${operation.names.join(' ')}`;
		case 'upgrade':
			return 'upgrade all packages';
		case 'removePackages':
			return operation.of === undefined
				? 'remove the packages that came with this'
				: `remove ${operation.of.names.join(' ')}, where boxwizard brought them`;
		case 'service':
			return `systemctl ${operation.action} ${operation.unit}`;
		case 'handOver':
			return `${operation.how === 'stop' ? 'stop and disable' : 'restart'} ${operation.others.join(', ')}, then start and enable ${operation.unit} in its place`;
		case 'handBack':
			return `let ${[operation.unit, ...operation.others].join(', ')} run as before`;
		case 'records':
			return recordLines(operation).join(', ');
	}
}

function recordLines({action, records}: Extract<Operation, {kind: 'records'}>): string[] {
	return records.map(({name, ttl, type, value}) => `DNS, from here: ${action} ${name} ${ttl} ${type} ${value}`);
}

function render(operation: Operation, feed: Feed): string[] {
	switch (operation.kind) {
		case 'run':
			if (operation.minutes !== undefined) return [`within ${operation.minutes} ${operation.command}`];
			return [operation.input === undefined ? operation.command : fed(operation.command, feed(operation.input))];
		case 'file':
			return [file(operation, feed)];
		case 'folder':
			return [`put_folder ${operation.mode} ${quote(operation.owner)} ${quote(operation.path)}`];
		case 'line':
			return [
				['set_line', operation.path, operation.line, ...(operation.replacing === '' ? [] : [operation.replacing])]
					.map((word, index) => (index === 0 ? word : quote(word)))
					.join(' '),
			];
		case 'link':
			return [`put_link ${quote(operation.path)} ${quote(operation.target)}`];
		case 'remove':
			return [`take_away ${quote(operation.path)}`];
		case 'backup':
			return [`keep_original ${quote(operation.path)}`];
		case 'restore':
			return [`restore_file ${quote(operation.path)}`];
		case 'packages':
			return [`install_packages ${operation.names.map(quote).join(' ')}`];
		case 'upgrade':
			return ['refresh_lists', 'apt_get full-upgrade'];
		case 'removePackages':
			return operation.of === undefined
				? ['remove_packages']
				: [`remove_some_packages ${quote(stepFolder(operation.of.step))} ${operation.of.names.map(quote).join(' ')}`];
		case 'service':
			return [`service ${operation.action} ${quote(operation.unit)}`];
		case 'handOver':
			return [['hand_over', operation.how, operation.unit, ...operation.others].map(quote).join(' ')];
		case 'handBack':
			return [['hand_back', operation.unit, ...operation.others].map(quote).join(' ')];
		case 'records':
			return recordLines(operation).map(line => `# ${line}`);
	}
}

/** A file ends without a newline rarely; a here-document always ends with one, so `-n` takes it off again. */
function file(operation: Extract<Operation, {kind: 'file'}>, feed: Feed): string {
	const {content, mode, owner, path} = operation;
	const secret = content instanceof Secret;
	const trim = !secret && !plainText(content).endsWith('\n') ? '-n ' : '';
	return `put_file ${trim}${mode} ${quote(owner)} ${quote(path)}${feed(content)}`;
}

/** Feeds a whole pipeline or list, not just its last command. */
function fed(command: string, source: string): string {
	return /[|;&\n]/.test(command) ? `{ ${command}\n}${source}` : `${command}${source}`;
}

function hereDocument(text: string): string {
	let end = 'END';
	while (text.split('\n').includes(end)) end += '_';
	const content = text.endsWith('\n') || text === '' ? text : `${text}\n`;
	return ` <<'${end}'\n${content}${end}`;
}
