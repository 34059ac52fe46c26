import {compareVersions, meets, pinOf} from '../../../reading/versions.ts';
import {loosePairs} from './loosePairs.ts';
import {pinRules} from './pinRules.ts';
import type {Requirement} from './requirements.ts';

/** A pin that is known to fail, and why. */
export type BadPin = {
	readonly requirement: Requirement;
	readonly why: string;
	readonly next: string;
	readonly severity: 'fails' | 'careful';
	readonly to?: string;
};

/** Python 3.11, where nothing else is asked for: what Debian 12 has. */
export function findBadPins(requirements: readonly Requirement[], python: string): BadPin[] {
	const pinned = requirements.flatMap(requirement => {
		const version = pinOf(requirement.specifier) ?? topOf(requirement.specifier);
		const rule = pinRules.find(
			({name, versions, pythons}) =>
				name === requirement.name &&
				(versions === '>=0' || (version !== undefined && meets(version, versions))) &&
				(pythons === undefined || meets(python, pythons)),
		);
		return rule
			? [
					{
						requirement,
						why: rule.why,
						next: rule.next,
						severity: rule.byBox ? ('careful' as const) : ('fails' as const),
						...(rule.to && {to: rule.to}),
					},
				]
			: [];
	});
	return [...pinned, ...pairedLoosely(requirements)];
}

/** The highest version that a specifier such as '<=2.0' or '~=1.4.2' leaves, as far as it tells: '~=1.4' takes any 1. */
export function topOf(specifier: string): string | undefined {
	const [, sign, version = ''] = /^(~=|<=|\^)\s*(\d+(?:\.\d+)*)/.exec(specifier) ?? [];
	if (sign === undefined || sign === '<=') return sign && version;
	const parts = version.split('.');
	const kept = sign === '~=' ? parts.length - 1 : parts.findIndex(part => part !== '0') + 1;
	return kept < 1 ? version : [...parts.slice(0, kept), '99999'].join('.');
}

function pairedLoosely(requirements: readonly Requirement[]): BadPin[] {
	const named = new Map(requirements.map(one => [one.name, one]));
	return loosePairs.flatMap(({pinned, below, free, needs, why}) => {
		const requirement = named.get(pinned);
		const version = requirement && pinOf(requirement.specifier);
		const other = named.get(free);
		const isFree = other === undefined || other.specifier === '' || /^>/.test(other.specifier.split(',').at(-1) ?? '');
		if (!requirement || version === undefined || compareVersions(version, below) >= 0 || !isFree) return [];
		return [
			{
				requirement,
				why,
				next: `Write ${needs} into ${requirement.where.path}, or raise ${requirement.written}.`,
				severity: 'fails' as const,
			},
		];
	});
}
