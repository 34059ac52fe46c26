import {type Command, InvalidArgumentError, Option} from 'commander';
import {suggesting} from './completion.ts';
import {
	aboutApp,
	aboutBox,
	answering,
	changing,
	collect,
	connecting,
	examples,
	exits,
	orAsFile,
	talking,
	unlocking,
} from './flags.ts';
import {aroundHyphens} from './inside.ts';

/** What is done with a box in the weeks after its set-up. */
export function addMaintenance(boxwizard: Command): void {
	addTroubleshoot(boxwizard);
	addDoctor(boxwizard);
	addWatch(boxwizard);
	addServices(boxwizard);
	addRenewals(boxwizard);
	addReminders(boxwizard);
}

function wholeNumber(value: string): number {
	if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
	throw new InvalidArgumentError('Write a whole number, such as 100.');
}

function addDoctor(boxwizard: Command): void {
	aboutApp(
		talking(changing(answering(connecting(boxwizard.command('doctor'))))),
		'an app’s name: the box, and that one alone',
	)
		.description('Look for what goes wrong with the weeks, and mend what you choose')
		.option('--fix <finding>', 'mend this one, or “all” but a reboot; shown first; may be given again', collect)
		.option('--skip <finding>', 'don’t look at this; may be given again', collect)
		.option('--yes', 'with --fix: without asking')
		.addHelpText(
			'after',
			`${examples(['doctor 203.0.113.7', 'doctor 203.0.113.7 blog --plain', 'doctor 203.0.113.7 --fix web/reload --yes'])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/box/doctor.ts')).doctor(host, app, options));
}

function addTroubleshoot(boxwizard: Command): void {
	aboutApp(
		talking(changing(unlocking(connecting(boxwizard.command('troubleshoot'))))),
		'its name, or its program’s or unit’s; the only one that boxwizard set up otherwise',
	)
		.description('Run an app in the foreground, say what is wrong with it, and put it right')
		.option('--yes', 'apply the likeliest fix of each cause, and ask nothing')
		.addHelpText(
			'after',
			`${examples(['troubleshoot 203.0.113.7', 'troubleshoot 203.0.113.7 microblog-worker', 'troubleshoot 203.0.113.7 --json'])}
${exits}
  Of troubleshoot: 0 when the app is well, or was put right; 2 when a cause stands, or none was found.`,
		)
		.action(async (host, app, options) =>
			(await import('../commands/app/troubleshoot.ts')).troubleshoot(host, app, options),
		);
}

function addWatch(boxwizard: Command): void {
	aboutApp(talking(connecting(boxwizard.command('logs'))), 'only this app’s, and nginx’s')
		.description('The logs of the app, nginx, supervisor, mail and the system as one, by time')
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
		.action(async (host, app, options) => (await import('../commands/box/logs.ts')).logs(host, app, options));
	suggesting(boxwizard.command('ssh'), [['host']])
		.description('Log in to a box as its admin user, with the key and host key that are known')
		.argument('[words...]', `[host], ${orAsFile}; then, instead of a shell, -- and a command to run there`)
		.option('--identity <file>', 'the private key to log in with')
		.option('--known-hosts <file>', 'host keys to trust, instead of ssh’s own file')
		.addHelpText('after', examples(['ssh 203.0.113.7', 'ssh blog.example.com -- df -h /']))
		.action(async (words, options) => {
			const {before, after} = aroundHyphens(words, process.argv);
			await (await import('../commands/box/ssh.ts')).ssh(before, after, options);
		});
}

function addServices(boxwizard: Command): void {
	const does = {restart: 'Restart', stop: 'Stop', start: 'Start'} as const;
	for (const action of ['restart', 'stop', 'start'] as const) {
		aboutBox(talking(changing(connecting(boxwizard.command(action)))))
			.description(
				`${does[action]} the app or a service, and prove it; without a name, list them and what each interrupts`,
			)
			.argument('[service]', 'the app’s name, or nginx, database, ssh …')
			.option('--yes', 'without asking')
			.addHelpText(
				'after',
				examples([`${action} 203.0.113.7`, `${action} 203.0.113.7 nginx`, `${action} 203.0.113.7 app --yes`]),
			)
			.action(async (host, name, options) =>
				(await import('../commands/box/service.ts')).service(action, host, name, options),
			);
	}
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
		.action(async (hosts, options) => (await import('../commands/local/renewals.ts')).renewals(hosts, options));
	aboutApp(changing(renewals.command('renew')))
		.description('Renew an app’s certificate now: a trial first, then the real one')
		.option('--force', 'also when it has more than 30 days')
		.option('--yes', 'ask nothing')
		.addHelpText('after', examples(['renewals renew blog.example.com', 'renewals renew 203.0.113.7 blog']))
		.action(async (host, app, _options, command) =>
			(await import('../commands/local/renew.ts')).renew(host, app, command.optsWithGlobals()),
		);
}

function addReminders(boxwizard: Command): void {
	const load = async () => await import('../commands/local/reminders.ts');
	const reminders = boxwizard
		.command('reminders')
		.description('Be told 30, 14, 7, 3 and 1 days before something ends, also when the box is dead')
		.addHelpText('after', `${examples(['reminders install', 'reminders test', 'reminders list', 'reminders remove'])}`);
	const add = (name: string, description: string): Command =>
		reminders
			.command(name)
			.description(description)
			.option('--json', 'one JSON object per line')
			.addHelpText('after', examples([`reminders ${name}`]));
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
