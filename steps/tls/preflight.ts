import {z} from 'zod';
import type {Options} from '../../source/contract/option.ts';
import type {PortState} from '../../source/contract/outside.ts';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {type NameAnswers, pointsTo, readTarget, readViews, sightsOf, type Target} from '../dns/answers.ts';
import {options as shared} from '../options/shared.ts';
import {authorityOptions} from './authority.ts';
import {allows, readCaa, readIdentities} from './caa.ts';

const stepOptions = z.object({domain: shared.domain, aliases: shared.aliases, ...authorityOptions});

type StepOptions = Options<(typeof stepOptions)['shape']>;

/** Something that would make the CA refuse, and what to do about it. */
type Obstacle = {readonly what: string; readonly next: string};

/** Nothing is asked of the CA before it can succeed: failed attempts are counted, five an hour. */
export const preflight = defineStep({
	id: 'tls/preflight',
	title: 'Before the CA',
	why: 'The certificate authority looks up your names and calls the box on port 80. What would make it refuse is found here first, because it counts failed attempts and shuts the door for an hour.',
	needs: ['dns/records', 'web/nginx', 'firewall/ufw'],
	options: stepOptions,
	async check($, options) {
		return {obstacles: await findObstacles($, options)};
	},
	done: ({obstacles}) => obstacles.length === 0,
	apply: () => undefined,
	async wait($, options) {
		const obstacles = await findObstacles($, options);
		if (obstacles.length === 0) return undefined;
		return {
			what: 'the way to the box to be free',
			show: [],
			notes: obstacles.map(({next}) => next),
			seen: obstacles.map(({what}) => what),
			every: 3000,
		};
	},
});

async function findObstacles($: Probe, options: StepOptions): Promise<Obstacle[]> {
	const names = [...new Set([options.domain, ...options.aliases])];
	const [target, views, port, caa] = await Promise.all([
		readTarget($),
		readViews($, names),
		$.outside.port(80),
		findCaaObstacles($, names, options),
	]);
	const sights = sightsOf(views);
	return [
		...names.flatMap(name => addressObstacles(name, sights[name], target)),
		...caa,
		...portObstacles(
			port,
			Object.values(sights).some(({AAAA}) => AAAA.records.length > 0),
		),
	];
}

function addressObstacles(name: string, dns: NameAnswers | undefined, target: Target): Obstacle[] {
	if (!dns) return [];
	const wrong = (['A', 'AAAA'] as const).filter(type => {
		const needed = dns[type].records.length > 0 || (type === 'A' && target.A !== '');
		return needed && !pointsTo(dns[type], target[type]);
	});
	return wrong.map(type => ({
		what: `${name}  ${type}  ${dns[type].records.join(', ') || 'nothing'}  not ${target[type] || 'this box'}`,
		next:
			target[type] === ''
				? `Remove the ${type} record of ${name}: the box has no such address, and the CA would try it first.`
				: `Set the ${type} record of ${name} to ${target[type]}, and to nothing else.`,
	}));
}

async function findCaaObstacles($: Probe, names: readonly string[], options: StepOptions): Promise<Obstacle[]> {
	const found = (await Promise.all(names.map(name => readCaa($, name)))).filter(({records}) => records.length > 0);
	if (found.length === 0) return [];
	const identities = await readIdentities($, options);
	const forbidding = found.filter(({records}) => !allows(records, identities));
	const zones = new Map(forbidding.map(caa => [caa.name, caa.records]));
	return [...zones].map(([name, records]) => ({
		what: `${name}  CAA  ${records.join(', ')}  not ${identities.join(' or ')}`,
		next: `Add a CAA record to ${name}: 0 issue "${identities[0]}". Those it has allow only other authorities.`,
	}));
}

/** One family that is closed does no harm where no name leads there. */
function portObstacles(port: PortState, bothFamilies: boolean): Obstacle[] {
	if (port === 'open' || port === 'unknown') return [];
	if ((port === 'partly' || port === 'mixed') && !bothFamilies) return [];
	const words = {
		closed: 'It refuses connections: see that nginx runs and no firewall rejects them.',
		silent: 'Nothing comes back: a firewall drops it, often that of your provider (security group, cloud firewall).',
		partly: 'It answers over IPv4 or IPv6 only: see that nginx listens on both, and that no firewall rejects one.',
		mixed: 'It answers over IPv4 or IPv6 only: open it for both, here and in your provider’s firewall.',
	};
	return [{what: `port 80  ${port}`, next: `Open port 80. ${words[port]}`}];
}
