/** A program as its keeper's configuration has it. */
export type Program = {
	readonly name: string;
	readonly keeper: 'supervisor' | 'systemd';
	readonly path: string;
	readonly words: readonly string[];
	readonly user: string;
	readonly folder: string;
	/** NAME=value; a secret may be among them. Of a unit none: it is copied whole, on the box. */
	readonly environment: readonly (readonly [string, string])[];
	/** Of its output; '' for the journal. */
	readonly log: string;
};

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
	const filled = (text: string) =>
		text.replaceAll(/%\((program_name|here)\)s/g, (_, word: string) =>
			word === 'here' ? path.slice(0, path.lastIndexOf('/')) : name,
		);
	const log = section.stderr_logfile && section.redirect_stderr !== 'true' ? section.stderr_logfile : undefined;
	return {
		name,
		keeper: 'supervisor',
		path,
		words: shellWords(filled(command)),
		user,
		folder: filled(directory),
		environment: pairsOf(filled(environment)),
		log: filled(log ?? section.stdout_logfile ?? ''),
	};
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

/** A unit from `systemctl show` (User, WorkingDirectory, FragmentPath) and its ExecStart= line. */
export function unitProgram(name: string, shown: string, execStart: string): Program | undefined {
	const properties = Object.fromEntries(
		shown.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
	);
	const words = shellWords(execStart.replace(/^ExecStart=/, '').replace(/^[-@:+!|]+/, ''));
	if (!properties.FragmentPath || words.length === 0) return undefined;
	return {
		name,
		keeper: 'systemd',
		path: properties.FragmentPath,
		words,
		user: properties.User || 'root',
		folder: (properties.WorkingDirectory || '/').replace(/^[!-]+/, ''),
		environment: [],
		log: '',
	};
}

/** The port in a program's own words: -b HOST:PORT, --bind=…, --port 8000, -p 8000. */
export function portIn(words: readonly string[]): number | undefined {
	for (const [index, word] of words.entries()) {
		const next = words[index + 1] ?? '';
		const text = /^(-b|--bind|-p|--port)$/.test(word)
			? next
			: (/^(?:--bind|--port|-b|-p)=?(.+)$/.exec(word)?.[1] ?? '');
		const port = /^(?:.*:)?(\d{2,5})$/.exec(text)?.[1];
		if (port !== undefined) return Number(port);
	}

	return undefined;
}

/** The same words for another port; undefined where no word names the port. */
export function withPort(words: readonly string[], from: number, to: number): string[] | undefined {
	const moved = words.map((word, index) => {
		const option = /^(-b|--bind|-p|--port)$/.test(words[index - 1] ?? '') || /^(--bind|--port|-b|-p)=?\S*\d/.test(word);
		return option ? word.replace(new RegExp(`(^|[^0-9])${from}$`), `$1${to}`) : word;
	});
	return moved.some((word, index) => word !== words[index]) ? moved : undefined;
}
