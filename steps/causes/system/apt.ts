import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {finishPackages, freshLists} from '../../fixes/packageManager.ts';
import {clock} from '../../system/clock.ts';

/** What apt and dpkg say. */
export const systemPackages: readonly Cause[] = [
	{
		id: 'apt/held-long',
		title: ({name = 'Another program'}) => `${name} has been at work on the packages for a quarter of an hour.`,
		match: [/^(?<name>.{1,60}) \((?<pid>\d+)\) has held (?<file>\/\S+) for (?<minutes>\d+) minutes/],
		over: ['apt/locked'],
		means: ({name, pid, file, minutes}) =>
			`${name} (process ${pid}) holds ${file}, and has not finished in ${minutes} minutes.`,
		next: 'Retry: it is waited for again, and never ended.',
	},
	{
		id: 'apt/locked',
		title: ({name, pid}) =>
			`${name === undefined ? 'Another program' : `Another program, ${name} (process ${pid}),`} is at work on the packages.`,
		match: [
			/lock (?<file>\/\S+?)\.? It is held by process (?<pid>\d+)(?: \((?<name>[^)]+)\))?/,
			/Could not get lock (?<file>\/\S+)|Unable to (?:lock directory|acquire the dpkg frontend lock)|is another process using it|is locked by another process/,
		],
		means: ({file}) =>
			`It holds ${file ?? 'the lock of the packages'}: mostly the box’s own updates, in the first minutes after a boot.`,
		next: 'Retry: it is waited for, and never ended.',
	},
	{
		id: 'apt/interrupted',
		title: 'An installation was cut off in the middle.',
		match: [
			/dpkg was interrupted, you must manually run/,
			/Package is in a very bad inconsistent state/,
			/^(?:E|dpkg): .*package \S+ is not (?:ready for configuration|configured yet)/,
		],
		means:
			'A power cut or a killed program left packages unpacked and not set up. apt does nothing until that is ended.',
		next: 'Bring it to its end, then retry.',
		fixes: () => [finishPackages],
	},
	{
		id: 'apt/unmet',
		title: 'Packages of the box do not fit together.',
		match: [
			/E: Unmet dependencies\. Try/,
			/The following packages have unmet dependencies/,
			/E: Unable to correct problems, you have held broken packages/,
			/E: Error, pkgProblemResolver::Resolve generated breaks/,
		],
		depth: 'kind',
		means: 'A package from another release or another source keeps others back; the lines below name them.',
		next: 'Take the foreign source or package away, or let the interrupted installation be ended.',
		fixes: () => [finishPackages],
	},
	{
		id: 'apt/setup-failed',
		depth: 'kind',
		title: ({name = 'A package'}) => `${name} was installed, but its own set-up failed.`,
		match: [
			/dpkg: error processing package (?<name>[\w.+-]+)/,
			/installed (?<name>[\w.+-]+) package post-installation script subprocess returned error exit status \d+/,
			/E: Sub-process \/usr\/bin\/dpkg returned an error code/,
		],
		means:
			'Mostly its service could not be started: a port that is taken, a configuration that it refuses. The lines above say which.',
		next: 'Mend why its service does not start, then let the installation be ended.',
		fixes: () => [finishPackages],
	},
	{
		id: 'apt/mirror-changing',
		title: 'The package mirror was caught in the middle of a change.',
		match: [
			/Hash Sum mismatch|File has unexpected size/,
			/E: Failed to fetch .* 404 +Not Found/,
			/Writing more data than expected/,
		],
		over: ['apt/unreachable'],
		means: 'Its lists and its packages don’t fit together, or the lists of the box are old.',
		next: 'Retry in some minutes; the lists are read anew then. If it stays, another mirror helps.',
		fixes: () => [freshLists],
	},
	{
		id: 'apt/slow-clock',
		title: 'The clock of the box is slow.',
		match: [/Release file for \S+ is not valid yet \(invalid for another/, /is not valid yet|Not live until/],
		over: ['apt/unreachable'],
		means: 'What the package mirror has signed lies in its future.',
		next: 'Set the clock, then retry.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(clock, 'Set the box’s clock')] : []),
	},
	{
		id: 'apt/expired-release',
		title: 'A package source is too old to be trusted, or gone.',
		match: [
			/Release file for \S+ is expired/,
			/E: The repository '(?<name>[^']+)' (?:no longer has|does not have) a Release file/,
			/N: Repository '(?<name>[^']+)' changed its '(?:Suite|Codename|Origin)' value/,
		],
		over: ['apt/unreachable'],
		means: ({name}) => `${name ?? 'It'} is of a release that is no longer looked after, or was moved to an archive.`,
		next: 'Take the source out of /etc/apt, or upgrade the box to a release that is looked after.',
	},
	{
		id: 'apt/untrusted',
		title: ({key}) => `The key of a package source is missing${key === undefined ? '' : ` (${key})`}.`,
		match: [
			/NO_PUBKEY (?<key>[0-9A-F]{8,40})/,
			/EXPKEYSIG (?<key>[0-9A-F]{8,40})/,
			/The following signatures (?:couldn't be verified|were invalid)/,
			/E: The repository '[^']+' is not signed/,
		],
		over: ['apt/unreachable'],
		means: 'A foreign source (NodeSource, MySQL, Docker) changed or renewed its key, and the box has the old one.',
		next: 'Renew the key as the source itself says, or take the source out of /etc/apt.',
	},
	{
		id: 'apt/unknown-package',
		title: ({name}) => `The distribution has no package ${name ?? 'of that name'}.`,
		match: [
			/E: Unable to locate package (?<name>\S+)/,
			/E: Package '(?<name>[^']+)' has no installation candidate/,
			/E: Couldn't find any package by (?:glob|regex) '(?<name>[^']+)'/,
		],
		means:
			'It has another name in this release, is in a part that is not switched on (universe, backports), or the lists were never fetched.',
		next: 'Compare the name with the release of the box.',
		fixes: () => [freshLists],
	},
	{
		id: 'apt/unreachable',
		depth: 'kind',
		title: 'The package mirror could not be read.',
		match: [
			/Could not resolve '(?<host>[\w.-]+)'|Temporary failure resolving '(?<host>[^']+)'/,
			/E: (?:Failed to fetch|Some index files failed to download)/,
			/Err:\d+ https?:\/\/\S+/,
			/Could not connect to \S+:\d+ \(\S+\)/,
		],
		means: 'Its network, its name, or the clock of the box.',
		next: 'Look at the network and the time of the box, and retry.',
	},
	{
		id: 'apt/dialog',
		title: 'A package asks a question, and nobody is there to answer.',
		match: [/What would you like to do about it \?/, /end of file on stdin at conffile prompt/],
		over: ['apt/setup-failed'],
		means: 'A configuration file was changed by hand, and the package wants to know which one shall stay.',
		next: 'boxwizard keeps the file as it is on the box; let the installation be ended.',
		fixes: () => [finishPackages],
	},
];
