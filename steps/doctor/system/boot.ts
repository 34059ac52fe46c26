import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {wantsRedis} from '../../app/fillings.ts';
import {fillings, processes} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {processesOf, workerOf} from '../../process/programs.ts';
import {readLiveSlot, type Slot, slotProgram, slots} from '../../process/slots.ts';
import {several} from '../words.ts';

/** A service of the plan. Whether one that is seen elsewhere runs is said there: an app's programs (process/down); ufw, by its rules, as its unit does its work at boot. */
type Wanted = {readonly step: string; readonly units: readonly string[]; readonly isSeenElsewhere?: boolean};

/**
 * Services of the plan, by the step that brings them; of several names for one thing, the box has one.
 * @param slot that of the app's server that is live
 */
function wantedServices(
	answers: {
		database: string;
		queue: string;
		processes: Readonly<Record<string, string>>;
		fillings: Readonly<Record<string, string>>;
		mail: string;
		supervisor: string;
		app: string;
		search: string;
	},
	slot: Slot,
): Wanted[] {
	const {database, queue, mail, supervisor, app, search, fillings} = answers;
	const programs =
		supervisor === 'supervisor'
			? [{step: 'process/web', units: ['supervisor.service']}]
			: [
					{step: 'process/web', units: [`${slotProgram(app, slot)}.service`], isSeenElsewhere: true},
					...(queue === ''
						? []
						: [{step: 'process/worker', units: [`${workerOf(app)}.service`], isSeenElsewhere: true}]),
					...processesOf(answers).map(name => ({
						step: 'process/processes',
						units: [`${name}.service`],
						isSeenElsewhere: true,
					})),
				];
	return [
		{step: 'ssh/hardening', units: ['ssh.service', 'ssh.socket']},
		{step: 'web/nginx', units: ['nginx.service']},
		...programs,
		...(database === 'mysql' ? [{step: 'services/mysql', units: ['mariadb.service', 'mysql.service']}] : []),
		...(database === 'postgresql' ? [{step: 'services/postgresql', units: ['postgresql.service']}] : []),
		...(queue !== '' || wantsRedis(fillings) ? [{step: 'services/redis', units: ['redis-server.service']}] : []),
		...(mail === 'none' ? [] : [{step: 'mail/postfix', units: ['postfix.service']}]),
		...(search === 'none' ? [] : [{step: 'services/elasticsearch', units: ['elasticsearch.service']}]),
		{step: 'ssh/fail2ban', units: ['fail2ban.service']},
		{step: 'firewall/ufw', units: ['ufw.service'], isSeenElsewhere: true},
		{step: 'system/unattendedUpgrades', units: ['apt-daily.timer']},
		{step: 'system/unattendedUpgrades', units: ['apt-daily-upgrade.timer']},
		{step: '', units: ['logrotate.timer', 'cron.service']},
	];
}

const shown = z.array(z.string()).default([]);

/** What must run, and come back by itself after a reboot. */
export const systemBoot = defineExamination({
	id: 'system/boot',
	title: 'Services that must run, now and after a reboot',
	options: z.object({
		app: options.app,
		database: options.database,
		queue: options.queue,
		processes,
		fillings,
		mail: options.mail,
		supervisor: options.supervisor,
		search: options.search,
		leftOut: shown,
	}),
	async look($, {leftOut, ...answers}) {
		const wantedBy = (slot: Slot) => wantedServices(answers, slot).filter(({step}) => !leftOut.includes(step));
		const names = [...new Set(slots.flatMap(wantedBy).flatMap(({units}) => units))];
		const [slot, answer] = await Promise.all([
			readLiveSlot($, answers.app),
			$`systemctl show --property=Id,LoadState,UnitFileState,ActiveState,SubState ${names}`,
		]);
		const blocks = answer.split('\n\n').map(block => block.split('\n'));
		const units = names.map((name, index) => {
			const lines = blocks[index] ?? [];
			return {
				name,
				installed: lines.includes('LoadState=loaded'),
				enabled: lines.some(line => /^UnitFileState=(enabled|static|alias|indirect|generated)/.test(line)),
				active:
					lines.some(line => /^ActiveState=(active|activating|reloading)$/.test(line)) &&
					// It waits for its next attempt: it has just died.
					!lines.some(line => line.startsWith('SubState=auto-restart')),
				failed: lines.includes('ActiveState=failed'),
			};
		});
		const found = wantedBy(slot).map(({units: alternatives, isSeenElsewhere = false}) => {
			const present = units.filter(({name, installed}) => installed && alternatives.includes(name));
			const best = present.find(({enabled, active}) => enabled && active) ?? present[0];
			return best ? {...best, isSeenElsewhere} : (alternatives[0] ?? '');
		});
		return {
			missing: found.filter(unit => typeof unit === 'string'),
			off: found
				.filter(unit => typeof unit !== 'string')
				.filter(({enabled}) => !enabled)
				.map(({name}) => name),
			// One that has failed is spoken of elsewhere.
			down: found
				.filter(unit => typeof unit !== 'string')
				.filter(({active, failed, isSeenElsewhere}) => !active && !failed && !isSeenElsewhere)
				.map(({name}) => name),
		};
	},
	judge({missing, off, down}) {
		const names = [...new Set([...missing, ...off, ...down])];
		if (names.length === 0) return undefined;
		const runs = missing.length + down.length === 0;
		return {
			severity: runs ? 'warning' : 'bad',
			title: runs
				? `${several(names.length, 'service does', 'services do')} not come back after a reboot`
				: `${several(names.length, 'service does', 'services do')} not run as the set-up wants`,
			means: runs ? 'All runs, until the box starts anew.' : 'What it is for does not work now.',
			evidence: [
				...missing.map(name => `${name}: not installed`),
				...down.map(name => `${name}: does not run`),
				...off.map(name => `${name}: not enabled at boot`),
			],
			...(missing.length > 0 && {next: 'boxwizard setup HOST installs what is missing.'}),
		};
	},
	fix: ({off, down}) =>
		off.length + down.length === 0
			? undefined
			: {
					title: 'Start them, now and at boot',
					why: 'They are enabled, and started where they don’t run.',
					apply($) {
						for (const name of new Set([...off, ...down])) $.service(name, 'enable');
					},
					undo($, before) {
						for (const name of before.off) $`systemctl disable -- ${name}`;
						for (const name of before.down) $.service(name, 'stop');
					},
				},
});
