import type {LogSource} from '../../source/contract/log-source.ts';
import {programsOf} from '../doctor/app/programs.ts';
import {type Keeper, logPath} from './manager.ts';

/** Facilities of syslog(3) that are neither mail (2) nor the kernel's debugging: what a person calls the system's log. */
const systemFacilities = [0, 1, 3, 4, 5, 9, 10].map(number => `SYSLOG_FACILITY=${number}`);

/** What the recipe's services and programs write. */
export function logSources(answers: {app: string; queue: string; supervisor: Keeper; mail: string}): LogSource[] {
	const {app, supervisor, mail} = answers;
	const names = programsOf(answers);
	const programs = names.map(
		(name): LogSource => ({
			kind: 'app',
			label: name,
			app,
			from: supervisor === 'supervisor' ? {file: logPath(name)} : {journal: [`_SYSTEMD_UNIT=${name}.service`]},
		}),
	);
	return [
		...programs,
		{kind: 'nginx', label: 'nginx', app, from: {file: `/var/log/nginx/${app}_access.log`}},
		{kind: 'nginx', label: 'nginx error', app, from: {file: `/var/log/nginx/${app}_error.log`}},
		{kind: 'nginx', label: 'nginx error', from: {file: '/var/log/nginx/error.log'}},
		...(supervisor === 'supervisor'
			? [{kind: 'supervisor', label: 'supervisor', from: {file: '/var/log/supervisor/supervisord.log'}} as const]
			: []),
		...(mail === 'none' ? [] : [{kind: 'mail', label: 'mail', from: {journal: ['SYSLOG_FACILITY=2']}} as const]),
		{
			kind: 'system',
			label: 'system',
			// What systemd journals for the app is its own source already.
			from:
				supervisor === 'systemd'
					? {journal: systemFacilities, without: {user: app, units: names.map(name => `${name}.service`)}}
					: {journal: systemFacilities},
		},
	];
}

/** Where the recipe is not known: what every box has. */
export const plainSources: readonly LogSource[] = [
	{kind: 'nginx', label: 'nginx', from: {file: '/var/log/nginx/access.log'}},
	{kind: 'nginx', label: 'nginx error', from: {file: '/var/log/nginx/error.log'}},
	{kind: 'supervisor', label: 'supervisor', from: {file: '/var/log/supervisor/supervisord.log'}},
	{kind: 'mail', label: 'mail', from: {journal: ['SYSLOG_FACILITY=2']}},
	{kind: 'system', label: 'system', from: {journal: systemFacilities}},
];
