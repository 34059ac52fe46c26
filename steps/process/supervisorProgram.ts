import {quote} from '../../source/contract/command.ts';
import {basicVariables, type Program, releaseOf, withVariables} from './program.ts';

export function logPath(name: string): string {
	return `/var/log/supervisor/${name}.log`;
}

/**
 * Supervisor's own manual, “[program:x] Section Settings”. The app's variables come by a shell: supervisor's `environment` would
 * show them to everybody who may read the file, and has another notation.
 */
export function supervisorProgram(program: Program): string {
	const {name, app, words, folder, finishes} = program;
	const variables = Object.entries(basicVariables(app, releaseOf(program))).map(
		([variable, value]) => `${variable}="${value}"`,
	);
	return [
		`[program:${name}]`,
		`command=${setting([...withVariables(app), ...words].map(quote).join(' '))}`,
		`directory=${folder}`,
		`user=${app}`,
		`environment=${variables.join(',')}`,
		'autostart=true',
		'autorestart=true',
		// Whoever does jobs tells its own children when to stop.
		`stopasgroup=${finishes === undefined}`,
		...(finishes === undefined ? [] : [`stopwaitsecs=${finishes}`]),
		'killasgroup=true',
		'umask=027',
		'redirect_stderr=true',
		`stdout_logfile=${logPath(name)}`,
		'stdout_logfile_maxbytes=10MB',
		'stdout_logfile_backups=5',
		'',
	].join('\n');
}

/** Quoted words in supervisor's file, where `%` begins a value of its own, and a blank before ; or # a comment. */
function setting(quoted: string): string {
	return quoted.replaceAll('%', '%%').replaceAll(/\s(?=[;#])/g, "$&''");
}
