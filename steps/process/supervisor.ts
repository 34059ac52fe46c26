import type {Probe} from '../../source/contract/step.ts';

/** A program as supervisor has it. Times are seconds since 1970; 0 where there was none. */
export type Supervised = {
	/** 'microblog'; with its group before it where that is another: 'workers:microblog-1'. */
	readonly name: string;
	/** 'RUNNING', 'STARTING', 'BACKOFF', 'STOPPED', 'EXITED', 'FATAL' … */
	readonly state: string;
	/** 'pid 71, uptime 0:21:46' */
	readonly description: string;
	readonly start: number;
	readonly stop: number;
	/** Files with what it says. */
	readonly logs: readonly string[];
};

/** supervisor's own interface (its manual, “XML-RPC API”), for a tenth of what supervisorctl takes to start. */
const socket = '/var/run/supervisor.sock';
const question = '<?xml version="1.0"?><methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>';

/** Shell text that prints the process of a program of supervisor's; 0 where it does not run. */
export function pidOfSupervised(name: string): string {
	const call = `<?xml version="1.0"?><methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><string>${name}</string></value></param></params></methodCall>`;
	const value = 's:.*<name>pid</name><value><(int|i4)>([0-9]+)<.*:\\2:p';
	return `curl --silent --unix-socket ${socket} --header 'Content-Type: text/xml' --data '${call}' http://localhost/RPC2 | tr -d '\\n ' | sed -nE '${value}' | grep . || echo 0`;
}

/** A bash function `supervised NAME`: sets State ('RUNNING'; '' where supervisor does not answer, or knows no such program) and MainPID (0 where it does not run). */
export const supervisedState = `supervised() {
	local answer
	answer=$(curl --silent --unix-socket ${socket} --header 'Content-Type: text/xml' --data "<?xml version=\\"1.0\\"?><methodCall><methodName>supervisor.getProcessInfo</methodName><params><param><value><string>$1</string></value></param></params></methodCall>" http://localhost/RPC2 | tr -d '\\n ')
	State=$(sed -nE 's:.*<name>statename</name><value><string>([A-Z]+)<.*:\\1:p' <<< "$answer")
	MainPID=$(sed -nE 's:.*<name>pid</name><value><(int|i4)>([0-9]+)<.*:\\2:p' <<< "$answer")
	MainPID=\${MainPID:-0}
}`;

/** All programs of the box's supervisor, as its interface answers: '' where it does not run. */
export function askSupervisor($: Probe): Promise<string> {
	return $`curl --silent --unix-socket ${socket} --header 'Content-Type: text/xml' --data ${question} http://localhost/RPC2`;
}

/** Reads such an answer; no program of one that can't be read. Pure. */
export function supervisedIn(answer: string): Supervised[] {
	const value = (struct: string, name: string) =>
		new RegExp(`<name>${name}</name>\\s*<value><(?:string|int|i4)>([^<]*)<`).exec(struct)?.[1] ?? '';
	return answer
		.split('<struct>')
		.slice(1)
		.map(struct => {
			const [name, group] = [value(struct, 'name'), value(struct, 'group')];
			return {
				name: group === '' || group === name ? name : `${group}:${name}`,
				state: value(struct, 'statename'),
				description: value(struct, 'description'),
				start: Number(value(struct, 'start')) || 0,
				stop: Number(value(struct, 'stop')) || 0,
				logs: ['stdout_logfile', 'stderr_logfile']
					.map(kind => value(struct, kind))
					.filter((path, index, paths) => path.startsWith('/') && paths.indexOf(path) === index),
			};
		});
}
