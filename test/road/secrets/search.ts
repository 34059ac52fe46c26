import {execFileSync, spawn} from 'node:child_process';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {type Canary, found, tracesOf} from './canary.ts';

/** A file that holds canaries: whose it is and with which mode, as `stat` prints them. */
export type Finding = {
	readonly path: string;
	readonly owner: string;
	readonly mode: string;
	readonly holds: readonly string[];
};

const end = 'END-OF-TRACES';

/** Looks through every file whose content, name or owner changed since `mark` was made, below folders and without those that are named. */
function searchScript(canaries: readonly Canary[], mark: string, folders: string, without: readonly string[]): string {
	const traces = canaries.flatMap(tracesOf).join('\n');
	const passed = without.map(path => `-path '${path}' -prune -o`).join(' ');
	// The traces themselves are no finding.
	return `traces=$(mktemp -p /dev/shm traces.XXXXXX); trap 'rm -f "$traces"' EXIT
cat > "$traces" <<'${end}'
${traces}
${end}
find ${folders} -xdev ${passed} -path "$traces" -o -type f -cnewer ${mark} -print0 2> /dev/null | sort -zu |
	xargs -0 -r grep -lZaF -f "$traces" -s -- | while IFS= read -r -d '' file; do
		stat -c 'file %U:%G %a %n' "$file"
		grep -oahF -f "$traces" -- "$file" | sort -u
	done || true`;
}

/** What is said beside the files: the journal as it is stored packed, packed logs, the settings of every unit. */
const spoken = `journalctl --no-pager --output=export --all
find /var/log -name '*.gz' -exec zcat {} +
systemctl show --no-pager '*'`;

export async function searchBox(box: PracticeBox, canaries: readonly Canary[], mark: string): Promise<Finding[]> {
	const files = findings(await box.console(searchScript(canaries, mark, '/ /run /tmp /dev/shm', [])), canaries);
	const said = found(await box.console(spoken), canaries);
	return said.length === 0 ? files : [...files, {path: 'what is said', owner: '', mode: '', holds: said}];
}

/** The same on this machine. */
export function searchHere(
	canaries: readonly Canary[],
	mark: string,
	folders: readonly string[],
	without: readonly string[],
): Finding[] {
	const input = searchScript(canaries, mark, folders.map(folder => `'${folder}'`).join(' '), without);
	return findings(execFileSync('bash', ['-s'], {input, encoding: 'utf8'}), canaries);
}

function findings(output: string, canaries: readonly Canary[]): Finding[] {
	const files: (Omit<Finding, 'holds'> & {traces: string})[] = [];
	for (const line of output.split('\n')) {
		const [, owner, mode, path] = /^file (\S+) (\d+) (.*)$/.exec(line) ?? [];
		if (owner !== undefined && mode !== undefined && path !== undefined) files.push({owner, mode, path, traces: ''});
		else {
			const file = files.at(-1);
			if (file) file.traces += `${line}\n`;
		}
	}

	return files
		.map(({traces, ...file}) => ({...file, holds: found(traces, canaries).sort()}))
		.sort((one, other) => one.path.localeCompare(other.path));
}

/** A thing that somebody who looks at /proc could read. */
export type Seen = {
	readonly what: 'cmdline' | 'environ';
	/** Number of the process's user. */
	readonly user: number;
	readonly name: string;
	readonly text: string;
};

/** Looks at all processes of this machine and its boxes from now on. `stop` answers what was seen, and how often each was looked at. */
export async function watchProcesses(): Promise<{stop: () => Promise<{seen: Seen[]; rounds: number}>}> {
	const child = spawn(process.execPath, [new URL('watch.ts', import.meta.url).pathname], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	let output = '';
	const ended = new Promise(resolve => child.on('close', resolve));
	await new Promise<void>(resolve =>
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			resolve();
		}),
	);
	return {
		async stop() {
			child.stdin.end();
			await ended;
			const lines = output.trim().split('\n').slice(1);
			const {rounds} = JSON.parse(lines.pop() ?? '{}') as {rounds: number};
			return {seen: lines.map(line => JSON.parse(line) as Seen), rounds};
		},
	};
}
