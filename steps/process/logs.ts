import type {LogSource} from '../../source/contract/log-source.ts';
import {jobsOf} from './jobs.ts';
import type {ProcessManager} from './program.ts';
import {namesOnBox, programsOf, programsOnBox} from './programs.ts';
import {logPath} from './supervisorProgram.ts';

/** Facilities of syslog(3) that are neither mail (2) nor the kernel's debugging: what a person calls the system's log. */
const systemFacilities = [0, 1, 3, 4, 5, 9, 10].map(number => `SYSLOG_FACILITY=${number}`);

/** What is asked about an app: who keeps its programs, and whether the box sends mail. */
export type LoggedApp = {
	readonly app: string;
	readonly queue: string;
	readonly processes?: Readonly<Record<string, string>>;
	readonly cron?: Readonly<Record<string, string>>;
	readonly supervisor: ProcessManager;
	readonly mail: string;
};

/** What the services and programs of a box with one app write. */
export const logSources = (answers: LoggedApp): LogSource[] => logSourcesOf([answers]);

/** What the services of a box, and the programs of all its apps, write. */
export function logSourcesOf(apps: readonly LoggedApp[]): LogSource[] {
	if (apps.length === 0) return [...plainSources];
	const supervised = apps.some(({supervisor}) => supervisor === 'supervisor');
	// What systemd starts for an app, it journals: jobs at fixed times too, whoever keeps its programs.
	const started = apps
		.map(answers => ({
			user: answers.app,
			names: [...(answers.supervisor === 'systemd' ? programsOnBox(answers) : []), ...jobsOf(answers)],
		}))
		.filter(({names}) => names.length > 0);
	return [
		...apps.flatMap(programLogs),
		...apps.flatMap(answers => siteLogs(answers, apps.length > 1)),
		{kind: 'nginx', label: 'nginx error', from: {file: '/var/log/nginx/error.log'}},
		...(supervised
			? [{kind: 'supervisor', label: 'supervisor', from: {file: '/var/log/supervisor/supervisord.log'}} as const]
			: []),
		...(apps.every(({mail}) => mail === 'none')
			? []
			: [{kind: 'mail', label: 'mail', from: {journal: ['SYSLOG_FACILITY=2']}} as const]),
		{
			kind: 'system',
			label: 'system',
			// What systemd journals for an app is its own source already.
			from:
				started.length > 0
					? {
							journal: systemFacilities,
							without: {
								users: started.map(({user}) => user),
								units: started.flatMap(({names}) => names).map(name => `${name}.service`),
							},
						}
					: {journal: systemFacilities},
		},
	];
}

function programLogs(answers: LoggedApp): LogSource[] {
	const {app, supervisor} = answers;
	const source = (label: string, from: LogSource['from']): LogSource => ({kind: 'app', label, app, from});
	// A server says what it says in both its slots, and goes by one name.
	const journal = (label: string, names: readonly string[]) =>
		source(label, {journal: names.map(name => `_SYSTEMD_UNIT=${name}.service`)});
	return [
		...programsOf(answers).flatMap(name => {
			const names = namesOnBox(app, name);
			return supervisor === 'supervisor' ? names.map(one => source(name, {file: logPath(one)})) : journal(name, names);
		}),
		...jobsOf(answers).map(name => journal(name, [name])),
	];
}

/** nginx keeps a log for each site: where there are several, their labels say whose. */
function siteLogs({app}: LoggedApp, isOneOfSeveral: boolean): LogSource[] {
	const whose = isOneOfSeveral ? `${app} ` : '';
	return [
		{kind: 'nginx', label: `${whose}nginx`, app, from: {file: `/var/log/nginx/${app}_access.log`}},
		{kind: 'nginx', label: `${whose}nginx error`, app, from: {file: `/var/log/nginx/${app}_error.log`}},
	];
}

/** Where no kind of app is known: what every box has. */
export const plainSources: readonly LogSource[] = [
	{kind: 'nginx', label: 'nginx', from: {file: '/var/log/nginx/access.log'}},
	{kind: 'nginx', label: 'nginx error', from: {file: '/var/log/nginx/error.log'}},
	{kind: 'supervisor', label: 'supervisor', from: {file: '/var/log/supervisor/supervisord.log'}},
	{kind: 'mail', label: 'mail', from: {journal: ['SYSLOG_FACILITY=2']}},
	{kind: 'system', label: 'system', from: {journal: systemFacilities}},
];
