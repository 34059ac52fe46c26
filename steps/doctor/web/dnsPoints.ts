import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {addressTypes, pointsTo, readTarget, readViews, sightsOf} from '../../dns/answers.ts';
import {records} from '../../dns/records.ts';
import {options} from '../../options/shared.ts';

/** A domain that was moved, or a record that was cleared away: renewals fail from then on, and visitors go elsewhere. */
export const dnsPoints = defineExamination({
	id: 'dns/points',
	title: 'Where the names lead',
	options: z.object({
		domain: options.domain,
		aliases: options.aliases,
		address6: records.options.shape.address6,
		leftOut: z.array(z.string()).default([]),
	}),
	async look($, {domain, aliases, leftOut}) {
		if (leftOut.includes('dns/records')) return undefined;
		const [target, views] = await Promise.all([readTarget($), readViews($, [...new Set([domain, ...aliases])])]);
		const all = Object.values(views).flatMap(({A, AAAA}) => [...A, ...AAAA]);
		if (all.every(view => view.problem !== undefined)) throw unanswered();
		return {target, names: sightsOf(views)};
	},
	judge(facts, {address6}) {
		if (!facts) return undefined;
		const {target, names} = facts;
		const evidence = Object.entries(names).flatMap(([name, dns]) =>
			addressTypes.flatMap(type => {
				const wanted = target[type] !== '' && (type === 'A' || address6) ? target[type] : '';
				const {records: found, agreed} = dns[type];
				if (wanted === '' ? found.length === 0 : pointsTo(dns[type], wanted)) return [];
				const says = found.length === 0 ? 'nowhere' : `to ${found.join(', ')}`;
				const should = wanted === '' ? 'it should have no such record' : `the box is ${wanted}`;
				return [`${name} ${type} leads ${says}${agreed ? '' : ' (its name servers do not agree)'}; ${should}`];
			}),
		);
		if (evidence.length === 0) return undefined;
		return {
			severity: 'bad',
			title: 'DNS does not lead to this box',
			means: 'Visitors go elsewhere, and certificates can’t be renewed.',
			evidence,
		};
	},
	fix: () =>
		fixByStep(
			records,
			'Point the names to this box',
			'The records are made, or shown for you to make them where your domain is kept.',
		),
});

function unanswered(): Trouble {
	return new Trouble({
		what: 'No name server of the domain answers this machine',
		means: 'Whether the names lead to the box is not known.',
		next: 'See that this machine is online and that nothing blocks DNS (port 53).',
		code: 'dns-unanswered',
	});
}
