import {buildCommand} from '../contract/command.ts';
import {plainText, Secret} from '../contract/secret.ts';
import type {DnsRecord, DnsServer, FileOptions, Hand, HandOver, ServiceAction, Text} from '../contract/step.ts';

/** One touch, as `apply` asked for it: data that is run, shown or exported. */
export type Operation =
	| {readonly kind: 'run'; readonly command: string; readonly input?: Text; readonly minutes?: number}
	| {
			readonly kind: 'file';
			readonly path: string;
			readonly content: Text;
			readonly mode: string;
			readonly owner: string;
	  }
	| {readonly kind: 'folder'; readonly path: string; readonly mode: string; readonly owner: string}
	| {readonly kind: 'line'; readonly path: string; readonly line: string; readonly replacing: string}
	| {readonly kind: 'link'; readonly path: string; readonly target: string}
	| {readonly kind: 'remove'; readonly path: string}
	| {readonly kind: 'backup'; readonly path: string}
	| {readonly kind: 'restore'; readonly path: string}
	| {readonly kind: 'packages'; readonly names: readonly string[]}
	| {readonly kind: 'upgrade'}
	| {readonly kind: 'removePackages'; readonly of?: {readonly step: string; readonly names: readonly string[]}}
	| {readonly kind: 'service'; readonly unit: string; readonly action: ServiceAction}
	| {readonly kind: 'handOver'; readonly unit: string; readonly others: readonly string[]; readonly how: HandOver}
	| {readonly kind: 'handBack'; readonly unit: string; readonly others: readonly string[]}
	| {
			readonly kind: 'records';
			readonly server: DnsServer;
			readonly records: readonly DnsRecord[];
			readonly action: 'make' | 'undo';
	  };

/** What `act` does with a Hand, in order, with nothing done. */
export function record(act: (hand: Hand) => void): Operation[] {
	const operations: Operation[] = [];
	const add = (operation: Operation) => {
		refuseUnwritable(operation);
		operations.push(operation);
	};
	const hand: Hand = Object.assign(
		(pieces: TemplateStringsArray, ...values: Parameters<Hand>[1][]) =>
			add({kind: 'run', command: buildCommand(pieces, values)}),
		{
			input:
				(text: Text) =>
				(pieces: TemplateStringsArray, ...values: Parameters<Hand>[1][]) =>
					add({kind: 'run', command: buildCommand(pieces, values), input: text}),
			within:
				(minutes: number) =>
				(pieces: TemplateStringsArray, ...values: Parameters<Hand>[1][]) =>
					add({kind: 'run', command: buildCommand(pieces, values), minutes}),
			file: (path: string, content: Text, options?: FileOptions) =>
				add({kind: 'file', path, content, ...permissions(options, content instanceof Secret ? '0600' : '0644')}),
			folder: (path: string, options?: FileOptions) => add({kind: 'folder', path, ...permissions(options, '0755')}),
			line: (path: string, line: string, replacing = '') => add({kind: 'line', path, line, replacing}),
			link: (path: string, target: string) => add({kind: 'link', path, target}),
			remove: (path: string) => add({kind: 'remove', path}),
			backup: (path: string) => add({kind: 'backup', path}),
			restore: (path: string) => add({kind: 'restore', path}),
			packages: (names: readonly string[]) => add({kind: 'packages', names}),
			upgrade: () => add({kind: 'upgrade'}),
			removePackages: (of?: {readonly step: string; readonly names: readonly string[]}) =>
				add({kind: 'removePackages', ...(of && {of})}),
			service: (unit: string, action: ServiceAction) => add({kind: 'service', unit, action}),
			handOver: (unit: string, others: readonly string[], how: HandOver) => add({kind: 'handOver', unit, others, how}),
			handBack: (unit: string, others: readonly string[]) => add({kind: 'handBack', unit, others}),
			records: (server: DnsServer, records: readonly DnsRecord[], action: 'make' | 'undo' = 'make') =>
				add({kind: 'records', server, records, action}),
		},
	);
	act(hand);
	return operations;
}

/** What would arrive as something else: bash drops NULs, and a line is one line. @throws TypeError */
function refuseUnwritable(operation: Operation): void {
	const {content = '', input = '', line = ''} = {content: '', input: '', line: '', ...operation};
	if ([content, input].some(text => plainText(text).includes('\0')))
		throw new TypeError('A text for the box cannot hold a NUL character');
	if (/[\0\n]/.test(line)) throw new TypeError(`A line is one line: ${line}`);
}

function permissions(options: FileOptions | undefined, mode: string): {mode: string; owner: string} {
	return {mode: options?.mode ?? mode, owner: options?.owner ?? 'root:root'};
}
