/** A program as its process manager's configuration has it. */
export type Program = {
	readonly name: string;
	readonly manager: 'supervisor' | 'systemd';
	readonly path: string;
	readonly words: readonly string[];
	readonly user: string;
	readonly folder: string;
	/** NAME=value; a secret may be among them. */
	readonly environment: readonly (readonly [string, string])[];
	/** A file of more of them, which its unit names or the shell reads that supervisor starts; '' where there is none. */
	readonly environmentFile: string;
	/** Of its output; '' for the journal. */
	readonly log: string;
	/** Files that add to a unit, in their order: those of `systemctl edit`. */
	readonly dropIns: readonly string[];
	/** Socket units that a unit has its sockets of. */
	readonly sockets: readonly string[];
};

/** Programs that take jobs from a queue serve no pages. */
export function isWorker({name, words}: Program): boolean {
	const worker = /^(worker|rqworker|run_huey|rundramatiq|(?:.*\/)?(celery|rq|dramatiq|huey_consumer(\.py)?|arq))$/;
	return /-worker$/.test(name) || innerWords(words).some(word => worker.test(word));
}

/** Of a program that a shell is told to start, the words that it is told; else its own. */
export function innerWords(words: readonly string[]): readonly string[] {
	const at = words.findIndex(word => !/^(?:(?:\/usr)?\/bin\/env|[A-Za-z_]\w*=.*)$/.test(word));
	const [shell = '', flag, line = ''] = words.slice(at);
	return /\/(?:ba|da)?sh$/.test(shell) && flag === '-c' ? shellWords(line) : words;
}

/** The [program:…] sections of supervisor's files, each file headed by '==> PATH <=='. (supervisord.org, “Configuration File”) */
export function supervisorPrograms(text: string): Program[] {
	const programs: Program[] = [];
	let path = '';
	let section: Record<string, string> | undefined;
	let key = '';
	const end = () => {
		if (section) programs.push(programOf(path, section));
		section = undefined;
	};
	for (const line of text.split('\n')) {
		const head = /^==> (.+) <==$/.exec(line)?.[1];
		const title = /^\[(?:program:)?([^\]]+)\]/.exec(line);
		if (head !== undefined || title) end();
		if (head !== undefined) path = head;
		else if (title) section = line.startsWith('[program:') ? {name: title[1] ?? ''} : undefined;
		else if (section) key = readSetting(section, key, line);
	}

	end();
	return programs.filter(({words}) => words.length > 0);
}

/** Takes a line of a section; one that is indented goes on with the setting before it. Answers the setting's name. */
function readSetting(section: Record<string, string>, before: string, line: string): string {
	const bare = line.replace(/(^|\s)[;#].*$/, '').trimEnd();
	if (/^\s+\S/.test(bare) && before !== '') {
		section[before] = `${section[before] ?? ''}${bare.trim()}`;
		return before;
	}

	const [, name = '', value = ''] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(bare) ?? [];
	if (name !== '') section[name.toLowerCase()] = value;
	return name.toLowerCase();
}

function programOf(path: string, section: Readonly<Record<string, string>>): Program {
	const {name = '', command = '', directory = '/', user = 'root', environment = ''} = section;
	const values: Readonly<Record<string, string>> = {
		'%(program_name)s': name,
		'%(here)s': path.slice(0, path.lastIndexOf('/')),
		'%%': '%',
	};
	const filled = (text: string) => text.replaceAll(/%\((?:program_name|here)\)s|%%/g, found => values[found] ?? found);
	const {environmentFile, words} = startedBy(shellWords(filled(command)));
	const log = section.stderr_logfile && section.redirect_stderr !== 'true' ? section.stderr_logfile : undefined;
	return {
		name,
		manager: 'supervisor',
		path,
		words,
		user,
		folder: filled(directory),
		environment: pairsOf(filled(environment)),
		environmentFile,
		log: filled(log ?? section.stdout_logfile ?? ''),
		dropIns: [],
		sockets: [],
	};
}

/** What a shell becomes that takes the variables of a file first: that file, and the program itself. */
function startedBy(words: readonly string[]): {readonly environmentFile: string; readonly words: readonly string[]} {
	const [shell = '', flag, line, environmentFile = '', ...program] = words;
	const takes = /\/sh$/.test(shell) && flag === '-c' && line === 'set -a; . "$0"; set +a; exec "$@"';
	return takes ? {environmentFile, words: program} : {environmentFile: '', words};
}

/** KEY="value",KEY='value',KEY=value */
function pairsOf(text: string): (readonly [string, string])[] {
	return [...text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,]*))/g)].map(
		([, name = '', double, single, bare]) => [name, (double ?? single ?? bare ?? '').trim()] as const,
	);
}

/** A command in words, as Python's shlex and systemd's unit files agree on them: blanks, both quotes, backslashes. */
export function shellWords(command: string): string[] {
	return [...command.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
		word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) =>
			double === undefined ? (single ?? escaped) : double.replaceAll(/\\(.)/g, '$1'),
		),
	);
}

/** What `unitProgram` reads of a unit. */
export const unitProperties = 'User,WorkingDirectory,FragmentPath,DropInPaths,Environment,EnvironmentFiles,TriggeredBy';

/** A unit from `systemctl show` (unitProperties) and its ExecStart= line, whose words still hold what systemd fills in. */
export function unitProgram(name: string, shown: string, execStart: string): Program | undefined {
	// Of several files the last one said counts.
	const properties = Object.fromEntries(
		shown.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
	);
	const words = shellWords(execStart.replace(/^ExecStart=/, '').replace(/^[-@:+!|]+/, ''));
	if (!properties.FragmentPath || words.length === 0) return undefined;
	return {
		name,
		manager: 'systemd',
		path: properties.FragmentPath,
		words,
		user: properties.User || 'root',
		folder: (properties.WorkingDirectory || '/').replace(/^[!-]+/, ''),
		environment: shellWords(properties.Environment ?? '').map(pair => {
			const [name = '', ...value] = pair.split('=');
			return [name, value.join('=')] as const;
		}),
		environmentFile: properties.EnvironmentFiles?.replace(/ \(ignore_errors=\w+\)$/, '') ?? '',
		log: '',
		dropIns: shellWords(properties.DropInPaths ?? ''),
		sockets: shellWords(properties.TriggeredBy ?? '').filter(unit => unit.endsWith('.socket')),
	};
}
