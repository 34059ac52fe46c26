import {quote} from '../../source/contract/command.ts';
import {pathsOf} from '../folders/paths.ts';
import {basicVariables, type Program} from './program.ts';

export function logPath(name: string): string {
	return `/var/log/supervisor/${name}.log`;
}

/**
 * Supervisor's own manual, “[program:x] Section Settings”. The app's variables come by a shell: supervisor's `environment` would
 * show them to everybody who may read the file, and has another notation.
 */
export function supervisorProgram({name, app, words, folder, finishes}: Program): string {
	const {processEnvironment} = pathsOf(app);
	const line = `set -a; . ${processEnvironment}; set +a; exec ${words.map(quote).join(' ')}`;
	const variables = Object.entries(basicVariables(app)).map(([variable, value]) => `${variable}="${value}"`);
	return [
		`[program:${name}]`,
		`command=/bin/sh -c ${setting(quote(line))}`,
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

/** A quoted word in supervisor's file, where `%` begins a value of its own, and a blank before ; or # a comment. */
function setting(quoted: string): string {
	return quoted.replaceAll('%', '%%').replaceAll(/\s(?=[;#])/g, "$&''");
}
