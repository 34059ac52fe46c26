import type {Conflict} from '../../source/contract/option.ts';
import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {type ApacheSettings, apache, readApache} from './apache.ts';

/** A program that has port 80 or 443, and is not the nginx that the web steps bring. */
export type PortHolder = {
	readonly port: number;
	readonly process: string;
	/** Its unit, 'apache2.service'; '' where systemd does not run it as a service. */
	readonly unit: string;
};

const own = 'nginx.service';
/** They run programs of many people: one of these can't be stopped for the sake of a port. */
const sharedManagers = [
	'docker.service',
	'containerd.service',
	'podman.service',
	'supervisor.service',
	'pm2-root.service',
];

const needsBoth = 'nginx needs both ports, and two programs can’t have one.';

/**
 * Who listens on 80 and 443, but for nginx as its package runs it. A reload lets old workers of nginx go on for a while:
 * one that has ended since it was listed is nobody, and any that is left tells the unit of all.
 */
export async function readPortHolders($: Probe): Promise<PortHolder[]> {
	const answer =
		await $`listeners=$(ss -Hltnp '( sport = :80 or sport = :443 )' | sed -nE 's/.*:(80|443)[[:space:]].*users:\\(\\("([^"]*)",(.*)/\\1\\t\\3\\t\\2/p' | sort -u)
[ -n "$listeners" ] || exit
echo "$listeners"
ps -o pid=,unit= -p "$(grep -oE 'pid=[0-9]+' <<< "$listeners" | cut -d= -f2 | sort -u | paste -sd,)"`;
	const units = new Map([...answer.matchAll(/^ *(\d+) +(\S+) *$/gm)].map(([, pid = '', unit = '']) => [pid, unit]));
	const holders = [...answer.matchAll(/^(80|443)\t(.*)\t(.*)$/gm)].flatMap(([, port, users = '', process = '']) => {
		const [unit] = [...users.matchAll(/pid=(\d+)/g)].flatMap(([, pid = '']) => units.get(pid) ?? []);
		if (unit === undefined || unit === own) return [];
		return [{port: Number(port), process, unit: /^[\w@.:-]+\.service$/.test(unit) ? unit : ''}];
	});
	// It listens on several addresses.
	return [...new Map(holders.map(holder => [Object.values(holder).join(' '), holder])).values()];
}

/** The person keeps the web server that is there: no site of an app, and no certificate for it, comes to this box. */
export function isLeftToOther({otherWebServer}: {readonly otherWebServer?: string | undefined}): boolean {
	return otherWebServer === 'skip';
}

/** Units of the holders, each once. */
export function unitsOf(holders: readonly PortHolder[]): string[] {
	return [...new Set(holders.map(({unit}) => unit))];
}

/** What can be done about them, for a person to choose; undefined where nobody is in the way. */
export async function portConflict($: Probe): Promise<Conflict | undefined> {
	const [holders, settings] = await Promise.all([readPortHolders($), readApache($)]);
	if (holders.length === 0) return undefined;
	const names = holdersInWords(holders);
	return {
		option: 'otherWebServer',
		what: `${names} on this box.`,
		means: canStop(holders)
			? needsBoth
			: `${needsBoth} This one is no service of its own: who wants nginx here stops it first.`,
		choices: {
			...(canStop(holders) && {
				stop: `${unitsOf(holders).join(' and ')}: stopped, and started with the box no more; nothing is removed, and undo starts it again`,
			}),
			...(canProxy(holders, settings) && {
				proxy:
					'apache2 moves to a port of this box alone, and nginx hands it all that is not for the new site; undo moves it back',
			}),
			skip: 'it stays as it is; the new site and its certificate are left out, and the app answers on this box alone',
		},
	};
}

/** Every one of them is a service of its own. */
function canStop(holders: readonly PortHolder[]): boolean {
	return unitsOf(holders).every(unit => unit !== '' && !sharedManagers.includes(unit));
}

function canProxy(holders: readonly PortHolder[], settings: ApacheSettings): boolean {
	return settings.movable && holders.every(({unit, port}) => unit === apache && port === 80);
}

/** 'apache2 listens on port 80' */
function holdersInWords(holders: readonly PortHolder[]): string {
	const names = [...new Set(holders.map(({process}) => process))];
	return names
		.map(name => {
			const ports = [...new Set(holders.filter(({process}) => process === name).map(({port}) => port))];
			return `${name} listens on port${ports.length > 1 ? 's' : ''} ${ports.join(' and ')}`;
		})
		.join(', and ');
}

/** Somebody has taken a port since the person was asked. */
export function portsTaken(holders: readonly PortHolder[]): Trouble {
	return new Trouble({
		what: `${holdersInWords(holders)} on this box.`,
		means: `${needsBoth} Nothing of it was touched.`,
		next: 'Open the plan anew: it asks what shall become of it.',
		evidence: holders.map(({port, process, unit}) => `port ${port}: ${process} ${unit}`),
		code: 'ports-taken',
	});
}
