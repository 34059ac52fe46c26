import type {LogSource} from '../../source/contract/log-source.ts';
import type {Service} from '../../source/contract/service.ts';
import type {ForeignProgram} from '../../source/contract/status.ts';
import {Trouble} from '../../source/contract/trouble.ts';

/**
 * A program that boxwizard did not bring, to be restarted, stopped and started as its own process manager does it.
 * Undefined where its name is none that can be handed to one: supervisor takes “all” for every program there is.
 */
export function foreignService({name, manager}: ForeignProgram): Service | undefined {
	if (name === 'all' || !/^\w[\w.@:+-]*$/.test(name)) return undefined;
	const act = manager === 'supervisor' ? 'supervisorctl' : 'systemctl';
	const target = manager === 'supervisor' ? name : `${name}.service`;
	return {
		name,
		also: [],
		interrupts: `It is not boxwizard’s: whoever uses ${name} has to do without it until it is back.`,
		stops: `It is not boxwizard’s: whoever uses ${name} has to do without it.`,
		command: `sudo ${act} restart ${target}`,
		act($, action) {
			$`${act} ${action} ${target}`;
		},
		async runs($) {
			// One that ends at once is started again, as another process.
			const answer =
				manager === 'supervisor'
					? await $`supervisorctl status ${name} | grep -c ' RUNNING '`
					: await $`pid() { systemctl show -P MainPID -- ${target}; }; first=$(pid); sleep 1; systemctl is-active --quiet -- ${target} && [ "$first" = "$(pid)" ] && echo 1`;
			if (answer !== '1') throw ended(name, manager, await lastWords());
			function lastWords() {
				if (manager === 'supervisor') return $`supervisorctl status ${name}; supervisorctl tail ${name} | tail -n 8`;
				return $`journalctl --unit=${target} --lines=8 --no-pager --output=cat`;
			}
		},
		async rests($) {
			const answer =
				manager === 'supervisor'
					? await $`supervisorctl status ${name} | grep -c ' RUNNING '`
					: await $`systemctl is-active --quiet -- ${target} && echo 1`;
			if (answer === '1') throw stillRuns(name, manager);
		},
	};
}

/** What such a program says. */
export function foreignLogs({name, manager, logs}: ForeignProgram): LogSource[] {
	const source = {kind: 'app', label: name, app: name} as const;
	if (manager === 'systemd') return [{...source, from: {journal: [`_SYSTEMD_UNIT=${name}.service`]}}];
	return logs.map(file => ({...source, from: {file}}));
}

function ended(name: string, manager: ForeignProgram['manager'], words: string): Trouble {
	return new Trouble({
		what: `${name} does not stay up.`,
		means: `${manager} started it, and it ended. It is not boxwizard’s: nothing of it was changed.`,
		next: `See what it says: boxwizard troubleshoot HOST ${name}`,
		evidence: words.split('\n'),
		code: 'not-running',
	});
}

function stillRuns(name: string, manager: ForeignProgram['manager']): Trouble {
	return new Trouble({
		what: `${name} still runs.`,
		means: `${manager} starts it again at once.`,
		next: `See what it says: boxwizard logs HOST ${name}`,
		code: 'still-running',
	});
}
