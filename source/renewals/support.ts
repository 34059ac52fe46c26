/** Until when a release of a system gets security updates without paying for them. Days in UTC. */
export type Support = {
	readonly name: string;
	/** The last day of updates for everybody. */
	readonly ends: string;
	/** Where others take over in between: when the distribution's own security team stopped. */
	readonly teamEnds?: string;
};

/**
 * From Debian's package distro-info-data (debian.csv: eol, eol-lts; ubuntu.csv: eol), version 0.58+deb12u7, read on
 * 2026-11-21. Of Debian what counts is the end of LTS (https://wiki.debian.org/LTS), of Ubuntu that of standard support
 * (https://ubuntu.com/about/release-cycle): what lasts longer is paid for.
 */
const releases: Readonly<Record<string, Support>> = {
	'Debian 12': {name: 'Debian 12', ends: '2028-06-30', teamEnds: '2026-07-11'},
	'Debian 13': {name: 'Debian 13', ends: '2030-06-30', teamEnds: '2028-08-09'},
	'Ubuntu 22.04': {name: 'Ubuntu 22.04', ends: '2027-06-01'},
	'Ubuntu 24.04': {name: 'Ubuntu 24.04', ends: '2029-05-31'},
	'Ubuntu 26.04': {name: 'Ubuntu 26.04', ends: '2031-05-29'},
};

/** The support of a system, by PRETTY_NAME of os-release(5): 'Debian GNU/Linux 12 (bookworm)'. Undefined for one that isn't in the table. */
export function supportOf(system: string): Support | undefined {
	const [, name, version] = /^(Debian|Ubuntu)\D*(\d+(?:\.\d{2})?)/.exec(system) ?? [];
	return releases[`${name} ${version}`];
}
