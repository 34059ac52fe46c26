/*
 * The command line, and the one place where steps, screens and transports meet: its rooms are in commands/.
 * Nothing but commander is loaded here; each command brings what it needs.
 */
import {Command, CommanderError, InvalidArgumentError, Option} from 'commander';
import packageJson from '../package.json' with {type: 'json'};
import {exitCodes, Interrupted, report} from './commands/terminal.ts';

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function fingerprint(value: string): string {
	if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(value)) return value.replace(/=$/, '');
	throw new InvalidArgumentError('Write it as ssh-keygen -lf shows it: SHA256: and 43 characters.');
}

function days(value: string): number {
	if (/^[1-9]\d{0,2}$/.test(value)) return Number(value);
	throw new InvalidArgumentError('Give a number of days, 1 to 999.');
}

function wholeNumber(value: string): number {
	if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
	throw new InvalidArgumentError('Write a whole number, such as 100.');
}

function examples(lines: readonly string[]): string {
	return `\nExamples:\n${lines.map(line => `  $ boxwizard ${line}`).join('\n')}`;
}

const exits = `
Exit codes:
  0    done; or, of check: everything is in place; of renewals: nothing is due
  1    an error, told in words
  2    check: the box differs; renewals: something is due; doctor: something will go wrong
  3    doctor: something is wrong now
  130  interrupted with Ctrl-C; the same command goes on from there`;

/** Options of every command that connects to a box. */
function connecting(command: Command): Command {
	return command
		.option('--identity <file>', 'the private key to log in with')
		.option('--host-key <fingerprint>', 'the only host key to accept: SHA256:…', fingerprint)
		.option('--known-hosts <file>', 'host keys to trust, and to add to, instead of ssh’s own file')
		.option('--password-stdin', 'read the login’s password (also used for sudo) from the first line of stdin')
		.option('--resolver <address>', 'DNS server to ask instead of the system’s')
		.option('--acme-ca <file>', 'PEM file of a CA to trust for the site and its ACME server');
}

/** Options of every command that works out a recipe. */
function answering(command: Command): Command {
	return command
		.option('--recipe <name>', 'what the box shall become')
		.option('--answers <file>', 'answers file, as “boxwizard init” writes it')
		.option('--set <option=value>', 'one answer; may be given again', collect)
		.option('--secret <option=file>', 'a secret answer, read from a file; may be given again', collect)
		.option('--leave-out <step>', 'a step not to be done; may be given again', collect)
		.option('--acme-server <url>', 'directory of another certificate authority (ACME)');
}

/** How the command talks. */
function talking(command: Command): Command {
	return command
		.option('--plain', 'plain lines instead of screens')
		.option('--json', 'one JSON object per line')
		.option('--verbose', 'with --plain: also what the commands on the box print');
}

function program(): Command {
	const boxwizard = new Command('boxwizard')
		.description('From a bare Linux server to your own app over HTTPS, screen by screen.')
		.version(packageJson.version, '-V, --version')
		.configureHelp({showGlobalOptions: true})
		.showSuggestionAfterError(true)
		.addHelpText('after', `${examples(['', 'setup root@203.0.113.7', 'practice', 'check 203.0.113.7'])}\n${exits}`)
		.usage('[command] [options]')
		.argument('[words...]')
		.action(async (words: string[], _options, command: Command) => {
			await (await import('./commands/home.tsx')).home(
				words,
				command.commands.map(one => one.name()),
			);
		})
		.exitOverride();
	addSetup(boxwizard);
	addReports(boxwizard);
	addCare(boxwizard);
	addWatch(boxwizard);
	addServices(boxwizard);
	addLocal(boxwizard);
	addRenewals(boxwizard);
	addReminders(boxwizard);
	addPractice(boxwizard);
	return boxwizard;
}

function addSetup(boxwizard: Command): void {
	boxwizard
		.command('init')
		.description('Write a commented answers file, with its JSON Schema for editors')
		.option('--recipe <name>', 'what the box shall become')
		.option('--output <file>', 'where to', 'boxwizard.yml')
		.option('--force', 'replace the file')
		.addHelpText('after', examples(['init', 'init --recipe flask --output microblog.yml']))
		.action(async options => (await import('./commands/init.ts')).init(options));
	talking(answering(connecting(boxwizard.command('setup'))))
		.description('Set a box up, or go on where it stopped')
		.argument('<host>', '[user@]host[:port]')
		.option('--yes', 'take every default and ask nothing')
		.addHelpText(
			'after',
			`${examples([
				'setup root@203.0.113.7',
				'setup root@203.0.113.7 --recipe flask --answers boxwizard.yml --host-key SHA256:… --identity ~/.ssh/id_ed25519 --yes',
				'setup root@203.0.113.7 --set domain=blog.example.com --password-stdin --json < password.txt',
			])}\n${exits}`,
		)
		.action(async (host, options) => (await import('./commands/setup.tsx')).setup(host, options));
	talking(answering(connecting(boxwizard.command('resume'))))
		.description('Go on where the last run stopped, and say where that was')
		.argument('[host]', 'its name or address; otherwise the box seen last of those that wait')
		.option('--yes', 'ask nothing')
		.addHelpText('after', `${examples(['resume', 'resume blog.example.com --yes'])}\n${exits}`)
		.action(async (host, options) => (await import('./commands/resume.ts')).resume(host, options));
}

function addReports(boxwizard: Command): void {
	talking(answering(connecting(boxwizard.command('plan'))))
		.description('Show every command and file change, and touch nothing')
		.argument('<host>', '[user@]host[:port]')
		.addHelpText('after', examples(['plan 203.0.113.7', 'plan root@203.0.113.7 --answers boxwizard.yml']))
		.action(async (host, options) => (await import('./commands/plan.ts')).plan(host, options));
	talking(answering(connecting(boxwizard.command('check'))))
		.description('Look whether everything is still in place, and touch nothing')
		.argument('<host>', '[user@]host[:port]')
		.addHelpText('after', `${examples(['check 203.0.113.7', 'check 203.0.113.7 --json'])}\n${exits}`)
		.action(async (host, options) => (await import('./commands/check.ts')).check(host, options));
	talking(connecting(boxwizard.command('deploy')))
		.description('Bring the newest commit of the branch live; the version that runs serves until then')
		.argument('<host>', '[user@]host[:port]')
		.option('--secret <option=file>', 'a secret answer, read from a file: sudoPassword=FILE', collect)
		.option('--yes', 'ask nothing')
		.addHelpText('after', `${examples(['deploy 203.0.113.7', 'deploy 203.0.113.7 --json --yes'])}\n${exits}`)
		.action(async (host, options) => (await import('./commands/deploy.ts')).deploy(host, options));
	talking(connecting(boxwizard.command('troubleshoot')))
		.description('Run an app in the foreground, say what is wrong with it, and put it right')
		.argument('<host>', '[user@]host[:port]')
		.argument('[app]', 'its program’s or unit’s name; the one boxwizard set up otherwise')
		.option('--secret <option=file>', 'a secret answer, read from a file: sudoPassword=FILE', collect)
		.option('--yes', 'apply the likeliest fix of each cause, and ask nothing')
		.addHelpText(
			'after',
			`${examples(['troubleshoot 203.0.113.7', 'troubleshoot 203.0.113.7 microblog-worker', 'troubleshoot 203.0.113.7 --json'])}
${exits}
  Of troubleshoot: 0 when the app is well, or was put right; 2 when a cause stands, or none was found.`,
		)
		.action(async (host, app, options) =>
			(await import('./commands/troubleshoot.ts')).troubleshoot(host, app, options),
		);
	talking(connecting(boxwizard.command('undo')))
		.description('Take back one step, or all of them, last one first')
		.argument('<host>', '[user@]host[:port]')
		.argument('[step]', 'its name, as plan and check show it: ssh/hardening')
		.option('--secret <option=file>', 'a secret answer, read from a file: sudoPassword=FILE', collect)
		.option('--all', 'everything that boxwizard did')
		.option('--confirm <name>', 'the name of an app or a database that may be dropped; may be given again', collect)
		.option('--yes', 'without asking; what holds data is dropped only with --confirm')
		.addHelpText(
			'after',
			examples([
				'undo 203.0.113.7 web/site',
				'undo 203.0.113.7 --all',
				'undo 203.0.113.7 --all --yes --confirm microblog',
			]),
		)
		.action(async (host, step, options) => (await import('./commands/undo.ts')).undo(host, step, options));
}

/** What is done to a box in the weeks after its set-up. */
function addCare(boxwizard: Command): void {
	talking(answering(connecting(boxwizard.command('doctor'))))
		.description('Look for what goes wrong with the weeks, and mend what you choose')
		.argument('<host>', '[user@]host[:port]')
		.option('--fix <finding>', 'mend this one, or “all” but a reboot; shown first; may be given again', collect)
		.option('--skip <finding>', 'don’t look at this; may be given again', collect)
		.option('--yes', 'with --fix: without asking')
		.addHelpText(
			'after',
			`${examples(['doctor 203.0.113.7', 'doctor 203.0.113.7 --plain', 'doctor 203.0.113.7 --fix web/reload --yes'])}\n${exits}`,
		)
		.action(async (host, options) => (await import('./commands/doctor.ts')).doctor(host, options));
}

function addWatch(boxwizard: Command): void {
	talking(connecting(boxwizard.command('logs')))
		.description('The logs of the app, nginx, supervisor, mail and the system as one, by time')
		.argument('<host>', '[user@]host[:port]')
		.argument('[app]', 'only this app’s, and nginx’s')
		.option('--only <kinds>', 'app, nginx, supervisor, mail, system; several with commas')
		.option('--since <span>', 'how far back: 30m, 2h, 3d, or a date')
		.option('--grep <text>', 'only lines with this text')
		.option('--lines <number>', 'how many of each log', wholeNumber)
		.option('--follow', 'go on as lines come; at a terminal it does')
		.option('--no-follow', 'end when all is shown')
		.addHelpText(
			'after',
			examples([
				'logs 203.0.113.7',
				'logs 203.0.113.7 --only app,nginx --since 1h',
				'logs 203.0.113.7 --grep error --json',
			]),
		)
		.action(async (host, app, options) => (await import('./commands/logs.ts')).logs(host, app, options));
	boxwizard
		.command('ssh')
		.description('Log in to a box as its admin user, with the key and host key that are known')
		.argument('<host>', 'a box this machine knows')
		.argument('[command...]', 'a command to run there instead of a shell, after --')
		.option('--identity <file>', 'the private key to log in with')
		.option('--known-hosts <file>', 'host keys to trust, instead of ssh’s own file')
		.addHelpText('after', examples(['ssh 203.0.113.7', 'ssh blog.example.com -- df -h /']))
		.action(async (host, command, options) => (await import('./commands/ssh.ts')).ssh(host, command, options));
}

function addServices(boxwizard: Command): void {
	const does = {restart: 'Restart', stop: 'Stop', start: 'Start'} as const;
	for (const action of ['restart', 'stop', 'start'] as const) {
		talking(connecting(boxwizard.command(action)))
			.description(
				`${does[action]} the app or a service, and prove it; without a name, list them and what each interrupts`,
			)
			.argument('<host>', '[user@]host[:port]')
			.argument('[service]', 'the app’s name, or nginx, database, ssh …')
			.option('--yes', 'without asking')
			.addHelpText(
				'after',
				examples([`${action} 203.0.113.7`, `${action} 203.0.113.7 nginx`, `${action} 203.0.113.7 app --yes`]),
			)
			.action(async (host, name, options) =>
				(await import('./commands/service.ts')).service(action, host, name, options),
			);
	}
}

function addLocal(boxwizard: Command): void {
	boxwizard
		.command('hosts')
		.description('List the boxes this machine knows')
		.option('--json', 'one JSON object per line')
		.addHelpText('after', examples(['hosts', 'hosts --json']))
		.action(async options => (await import('./commands/hosts.ts')).hosts(options));
	boxwizard
		.command('receipt')
		.description('Write what was done to a box, with every file and command, as Markdown')
		.argument('<host>', 'its name or address')
		.option('--output <file>', 'where to; printed otherwise')
		.addHelpText('after', examples(['receipt blog.example.com', 'receipt blog.example.com --output receipt.md']))
		.action(async (host, options) => (await import('./commands/receipt.ts')).receipt(host, options));
}

function addRenewals(boxwizard: Command): void {
	const renewals = talking(connecting(boxwizard.command('renewals')))
		.description('Look when certificates, domains and systems end, on all boxes or these')
		.argument('[hosts...]', 'boxes that this machine knows; all where none is named')
		.option('--no-ssh', 'look only from outside: whether the boxes renew by themselves is not asked')
		.addHelpText(
			'after',
			`${examples(['renewals', 'renewals blog.example.com --json', 'renewals renew blog.example.com'])}\n${exits}`,
		)
		.action(async (hosts, options) => (await import('./commands/renewals.ts')).renewals(hosts, options));
	renewals
		.command('renew')
		.description('Renew a box’s certificate now: a trial first, then the real one')
		.argument('<host>')
		.option('--force', 'also when it has more than 30 days')
		.option('--yes', 'ask nothing')
		.addHelpText('after', examples(['renewals renew blog.example.com']))
		.action(async (host, _options, command) =>
			(await import('./commands/renew.ts')).renew(host, command.optsWithGlobals()),
		);
}

function addReminders(boxwizard: Command): void {
	const load = async () => await import('./commands/reminders.ts');
	const reminders = boxwizard
		.command('reminders')
		.description('Be told 30, 14, 7, 3 and 1 days before something ends, also when the box is dead')
		.addHelpText('after', `${examples(['reminders install', 'reminders test', 'reminders list', 'reminders remove'])}`);
	const add = (name: string, description: string): Command =>
		reminders.command(name).description(description).option('--json', 'one JSON object per line');
	add('install', 'Have this machine look every day, and keep a calendar file')
		.option('--calendar <file>', 'where the calendar file (.ics) is kept')
		.action(async options => (await load()).install(options));
	add('list', 'Show what is scheduled, and the next reminders').action(async options => (await load()).list(options));
	add('test', 'Send a test reminder by every way').action(async options => (await load()).test(options));
	add('remove', 'Take all of it away').action(async options => (await load()).remove(options));
	add('check', 'Look now, and tell what is new: what the schedule runs')
		.addOption(new Option('--from <scheduler>').hideHelp())
		.addOption(new Option('--home <folder>').hideHelp())
		.action(async options => (await load()).check(options));
}

function addPractice(boxwizard: Command): void {
	const practice = talking(boxwizard.command('practice'))
		.description('Walk the whole road on a throw-away box on this machine')
		.argument('[name]', 'the box’s name', 'microblog')
		.option('--keep', 'leave the box running at the end')
		.option('--release <name>', 'Debian release: bookworm or trixie')
		.option('--engine <name>', 'nspawn, docker or podman; the first that works here otherwise')
		.option(
			'--certificate-days <days>',
			'how long the practice certificates are valid, to see what comes before their end',
			days,
		)
		.option('--vagrantfile', 'print a Vagrantfile instead, for a virtual machine')
		.option('--yes', 'take every default, install what this machine lacks, ask nothing')
		.addHelpText(
			'after',
			`${examples(['practice', 'practice --yes --keep', 'practice list', 'practice rm microblog', 'practice --vagrantfile > Vagrantfile'])}\n${exits}`,
		)
		.action(async (name, options) => (await import('./commands/practice.tsx')).practice(name, options));
	practice
		.command('list')
		.description('List the practice boxes')
		.option('--json', 'one JSON object per line')
		.action(async (_options, command) =>
			(await import('./commands/practice-boxes.ts')).list(command.optsWithGlobals()),
		);
	practice
		.command('rm')
		.description('Remove a practice box, or “all”')
		.argument('<name>')
		.action(async name => (await import('./commands/practice-boxes.ts')).remove(name));
}

/** Runs a command line and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
	try {
		const boxwizard = program();
		process.exitCode = exitCodes.fine;
		await boxwizard.parseAsync([...words], {from: 'user'});
		return Number(process.exitCode);
	} catch (error) {
		// Commander has said what is wrong, with the nearest match; help and version are no errors.
		if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.error;
		if (error instanceof Interrupted) return exitCodes.interrupted;
		report(error, words.includes('--json'));
		return exitCodes.error;
	}
}

process.exitCode = await main(process.argv.slice(2));
