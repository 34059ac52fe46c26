import {Disconnected} from '../contract/box.ts';
import {Trouble} from '../contract/trouble.ts';

/** Troubles that pass by themselves: a box that restarts, a server that is busy. */
const passing = new Set([
	'refused',
	'starting',
	'timeout',
	'reset',
	'unreachable',
	'no-name-server',
	'connect',
	'proxy-command',
]);

/** The connection was there, and went: no answer to anything. */
export function isCut(error: unknown): boolean {
	return error instanceof Disconnected || (error instanceof Trouble && error.code === 'reset');
}

/** A firewall that swallows looks the same as a line that does: once more, then it is the firewall. */
export function mayBeTheLine(error: unknown): boolean {
	return isCut(error) || (error instanceof Trouble && error.code === 'timeout');
}

export function isPassing(error: unknown): boolean {
	return error instanceof Disconnected || (error instanceof Trouble && passing.has(error.code));
}
