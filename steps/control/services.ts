import type {Options} from '../../source/contract/option.ts';
import type {Service} from '../../source/contract/service.ts';
import type {Hand} from '../../source/contract/step.ts';
import {wantsRedis} from '../app/fillings.ts';
import type {ProcessManager} from '../process/program.ts';
import {programsOf} from '../process/programs.ts';
import {liveProgram} from '../process/slots.ts';
import {nginx as nginxStep} from '../web/nginx.ts';
import {isLeftToOther} from '../web/ports.ts';
import {reloadNginx} from '../web/reloadNginx.ts';
import {databaseServices} from './databases.ts';
import {programService} from './programs.ts';
import {isActive, notRunning, unit} from './units.ts';

/** The answers of an app that say what the box runs. */
export type ServiceAnswers = {
	readonly app: string;
	readonly user: string;
	readonly database: string;
	readonly queue: string;
	readonly processes?: Readonly<Record<string, string>>;
	readonly fillings?: Readonly<Record<string, string>>;
	readonly mail: string;
	readonly search?: string;
	readonly supervisor: ProcessManager;
};

/** All that can be restarted on a box, what visitors meet most often first. @param answers all of an app's, for the proofs */
export function servicesOf(wanted: ServiceAnswers, answers: Readonly<Record<string, unknown>>): Service[] {
	return servicesOfBox([{wanted, answers}]);
}

/** An app as its services see it: what it runs, and all its answers, for the proofs. */
export type ServedApp = {readonly wanted: ServiceAnswers; readonly answers: Readonly<Record<string, unknown>>};

/** All that can be restarted on a box with these apps: the programs of each, and what they share once. */
export function servicesOfBox(apps: readonly ServedApp[]): Service[] {
	const [first] = apps;
	if (!first) return [];
	const {user} = first.wanted;
	const supervised = apps.filter(({wanted}) => wanted.supervisor === 'supervisor').map(({wanted}) => wanted);
	const has = (holds: (wanted: ServiceAnswers) => boolean) => apps.some(({wanted}) => holds(wanted));
	return [
		...apps.flatMap(({wanted, answers}) =>
			programsOf(wanted).map(name => programService(name, {...wanted, answers, isOnly: apps.length === 1})),
		),
		...(isLeftToOther(first.answers) ? [] : [nginx(apps.map(({answers}) => answers))]),
		...(supervised.length > 0 ? [manager(supervised)] : []),
		...databaseServices(apps.map(({wanted}) => wanted)),
		...(has(({queue, fillings}) => queue !== '' || wantsRedis(fillings))
			? [
					unit('redis', ['redis-server'], 'redis-server', {
						interrupts: 'Background jobs wait for a second; those that wait are kept.',
						stops: 'No job can be left for later: pages that try fail.',
					}),
				]
			: []),
		...(has(({search}) => search === 'elasticsearch')
			? [
					unit('elasticsearch', ['search'], 'elasticsearch', {
						interrupts: 'Searches find nothing for half a minute.',
						stops: 'Searches find nothing.',
					}),
				]
			: []),
		...(!has(({mail}) => mail !== 'none')
			? []
			: [
					unit('postfix', ['mail'], 'postfix', {
						interrupts: 'Mail waits for a second.',
						stops: 'Mail can’t be handed over: password resets fail.',
					}),
				]),
		unit('fail2ban', [], 'fail2ban', {
			interrupts: 'Bans are lifted, and set again from its own records.',
			stops: 'Nobody is banned any more.',
		}),
		ssh(user),
		box(user),
	];
}

/** @param apps the answers of each app: the site of each is proven */
function nginx(apps: readonly Readonly<Record<string, unknown>>[]): Service {
	return {
		name: 'nginx',
		also: ['web'],
		stops: 'The site is gone: visitors can’t connect.',
		command: 'sudo nginx -t && sudo systemctl reload nginx',
		act($, action) {
			// A reload is all that a restart is for, and cuts nobody off; where nginx rests it is started first.
			$`systemctl ${action === 'restart' ? 'start' : action} nginx`;
			if (action === 'restart') reloadNginx($);
		},
		async runs($) {
			await Promise.all(apps.map(answers => nginxStep.verify?.($, answers as Options<typeof nginxStep.options.shape>)));
		},
		rests: $ => isActive($, 'nginx', false),
	};
}

function manager(apps: readonly ServiceAnswers[]): Service {
	const names = apps.flatMap(programsOf);
	return {
		name: 'supervisor',
		also: ['supervisord'],
		interrupts: `All its programs restart (${names.join(', ')}): visitors get an error for some seconds.`,
		stops: `All its programs stop (${names.join(', ')}): visitors get an error.`,
		command: 'sudo supervisorctl reload',
		act($, action) {
			$`systemctl ${action} supervisor`;
		},
		async runs($) {
			await isActive($, 'supervisor', true);
			const servers = apps.map(({app}) => liveProgram(app)).join('\n');
			const others = names.filter(name => apps.every(({app}) => app !== name));
			const running = await $`servers=$(bash -c ${servers})
for attempt in {1..150}; do
	[ "$(supervisorctl status $servers ${others} | grep -c RUNNING)" = ${names.length} ] && { echo yes; break; }
	sleep 0.2
done`;
			if (running !== 'yes') throw notRunning('supervisor', await $`supervisorctl status`);
		},
		rests: $ => isActive($, 'supervisor', false),
	};
}

/** The door: checked before, never stopped, and proven by a fresh login. */
function ssh(user: string): Service {
	return {
		name: 'ssh',
		also: ['sshd'],
		interrupts: 'New logins wait for a moment. Open sessions stay.',
		command: 'sudo sshd -t && sudo systemctl restart ssh',
		act($, action) {
			$`sshd -t`;
			$`sshd -T -C ${`user=${user},host=client.example,addr=192.0.2.1`} | grep -qx 'pubkeyauthentication yes'`;
			$`systemctl ${action} ssh`;
		},
		runs: async $ => await $.outside.login(user),
	};
}

function box(user: string): Service {
	return {
		name: 'box',
		also: ['reboot', 'server'],
		interrupts: 'Everything is away until it is back, a minute or so.',
		command: 'sudo reboot',
		reboots: true,
		act($: Hand) {
			$`systemctl reboot`;
		},
		runs: async $ => await $.outside.login(user),
	};
}
