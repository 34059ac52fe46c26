import {type Command, InvalidArgumentError, Option} from 'commander';
import {kindNames} from '../../../steps/kind-names.ts';

/**
 * Refuses a flag, of whatever command, in the place of an option's value, in this command and all below it: commander takes whatever comes
 * next, so that “--fix --yes” would mend a finding of that name.
 */
export function refuseFlagsAsValues(command: Command, flags = flagsOf(command)): void {
	for (const option of command.options.filter(({required}) => required)) {
		const {parseArg} = option;
		option.parseArg = <Value>(value: string, before: Value): Value => {
			if (flags.has(value)) throw new InvalidArgumentError(`It needs a value, and ${value} is an option of its own.`);
			return parseArg ? parseArg(value, before) : (value as Value);
		};
	}

	for (const below of command.commands) refuseFlagsAsValues(below, flags);
}

function flagsOf({options, commands}: Command): ReadonlySet<string | undefined> {
	return new Set([
		...options.flatMap(({long, short}) => [long, short]),
		...commands.flatMap(below => [...flagsOf(below)]),
	]);
}

/** For an option that may be given again. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function fingerprint(value: string): string {
	if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(value)) return value.replace(/=$/, '');
	throw new InvalidArgumentError('Write it as ssh-keygen -lf shows it: SHA256: and 43 characters.');
}

/** Lines of a command for its help. */
export function examples(lines: readonly string[]): string {
	return `\nExamples:\n${lines.map(line => `  $ boxwizard ${line}`).join('\n')}`;
}

/** For the help of commands whose end tells something. */
export const exits = `
Exit codes:
  0    done; or, of check: everything is in place; of renewals: nothing is due
  1    an error, told in words
  2    check: the box differs; renewals: something is due; doctor: something will go wrong
  3    doctor: something is wrong now
  130  interrupted with Ctrl-C; the same command goes on from there
  141  nobody reads its output any more`;

/** Options of every command that connects to a box. */
export function connecting(command: Command): Command {
	return command
		.option('--identity <file>', 'the private key to log in with')
		.option('--host-key <fingerprint>', 'the only host key to accept: SHA256:…', fingerprint)
		.option('--known-hosts <file>', 'host keys to trust, and to add to, instead of ssh’s own file')
		.option('--password-stdin', 'read the login’s password (also used for sudo) from the first line of stdin')
		.option('--resolver <address>', 'DNS server to ask instead of the system’s')
		.option('--acme-ca <file>', 'PEM file of a CA to trust for the site and its ACME server');
}

/** The kinds that the catalogue has; one that it has not is refused with the nearest name, once the command runs. */
export function kindOption(): Option {
	return new Option('--kind <name>', 'what the app is made of').choices(kindNames).argParser(String);
}

/** Options of every command that sets an app up. */
export function answering(command: Command): Command {
	return command
		.addOption(kindOption())
		.option('--answers <file>', 'answers file, as “boxwizard init” writes it')
		.option('--repository <address>', 'where the app is cloned from; otherwise the origin of this folder')
		.option('--set <option=value>', 'one answer; may be given again', collect)
		.option('--secret <option=file>', 'a secret answer, read from a file; may be given again', collect)
		.option('--leave-out <step>', 'a step not to be done; may be given again', collect)
		.option('--acme-server <url>', 'directory of another certificate authority (ACME)');
}

/** For commands that change the box, and so wait for what an earlier one left at work. */
export function changing(command: Command): Command {
	return command.option('--stop-job', 'end what an earlier run left at work on the box, instead of waiting for it');
}

/** For commands that look at the app's repository before they touch the box. */
export function looking(command: Command): Command {
	return command.option('--ignore-findings', 'go on with an app that, by its files, can’t be set up or will fail');
}

/** For the help of commands whose box, or app, may stand in a file instead. */
export const orAsFile = 'otherwise as boxwizard.yml in this folder says';

/** The box that a command is about; it may stand in boxwizard.yml instead. */
export function aboutBox(command: Command): Command {
	return command.argument('[host]', `[user@]host[:port]; ${orAsFile}`);
}

/** The box and the app that a command is about; both may stand in boxwizard.yml instead. @param app what it is there for */
export function aboutApp(command: Command, app = 'the app’s name, where the box carries several'): Command {
	return aboutBox(command).argument('[app]', app);
}

/** For commands that may leave a file behind which says what was set up where. */
export function writing(command: Command): Command {
	return command.option('--write-file', 'write boxwizard.yml into this folder: host, app and answers, without secrets');
}

/** For commands that ask for nothing but sudo's password. */
export function unlocking(command: Command): Command {
	return command.option('--secret <option=file>', 'a secret answer, read from a file: sudoPassword=FILE', collect);
}

/** How the command talks. */
export function talking(command: Command): Command {
	return command
		.option('--plain', 'plain lines instead of screens')
		.option('--json', 'one JSON object per line')
		.option('--verbose', 'with --plain: also what the commands on the box print');
}
