import {Trouble} from '../../../contract/trouble.ts';
import {forgettable} from '../../boxes/forgettable.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {placeOf} from '../../target/named-box.ts';
import {typeName} from '../../terminal/ask-terminal.ts';
import {isTerminal, note, print} from '../../terminal/output.ts';

export type ForgetFlags = Pick<BoxFlags, 'knownHosts'> & {
	/** The box's name, where nobody is there to type it. */
	readonly confirm?: string;
};

/** Forgets a box on this machine alone, once its name was typed. @throws Trouble for one that is not known, or without its name */
export async function forget(named: string | undefined, {confirm, ...flags}: ForgetFlags): Promise<void> {
	const host = named ?? placeOf(undefined, undefined).host;
	const {catalogue, connection} = await fromFlags(flags);
	const {forgetting, forget: take} = await forgettable(host, catalogue, connection);
	const {label, goes, stays} = forgetting;
	if (confirm === undefined && !isTerminal()) throw unnamed(host, label);
	if (confirm !== undefined && confirm !== label) throw otherName(confirm, label);
	note('This machine forgets:');
	for (const one of goes) note(`  ${one}`);
	for (const one of stays) note(one);
	if (confirm === undefined && !(await typeName(`Forget ${label}?`, label))) return note('Nothing was done.');
	await take();
	print(`Forgot ${label}.`);
}

function unnamed(host: string, label: string): Trouble {
	return new Trouble({
		what: `What this machine knows of ${label} can’t be had back.`,
		means: 'There is no terminal to type its name on. Nothing was done.',
		next: `Name it: boxwizard forget ${host} --confirm ${label}`,
		code: 'unconfirmed',
	});
}

function otherName(confirm: string, label: string): Trouble {
	return new Trouble({
		what: `“${confirm}” is not what this box is called.`,
		means: 'Nothing was done.',
		next: `It is called ${label}: --confirm ${label}`,
		code: 'unconfirmed',
	});
}
