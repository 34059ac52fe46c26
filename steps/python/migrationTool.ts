import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';

/** What brings an app's database to a release: a tool that is known, or a command that is run as it stands; 'none' for nothing. */
export type Tool = 'flask' | 'alembic' | 'django' | 'command' | 'none';

/** A migration of alembic's. */
export type Revision = {readonly id: string; readonly file: string; readonly after: readonly string[]};

/** How a release's database is migrated. */
export type Migration = {
	readonly tool: Tool;
	/** A line for a shell, in the folder that the app is started in. */
	readonly command: string;
	readonly revisions: readonly Revision[];
	/** Names of the tables that its migrations make. */
	readonly makes: readonly string[];
};

const patterns: readonly (readonly [tool: Tool, pattern: RegExp])[] = [
	[
		'flask',
		/^(?:python3? -m )?flask(?: (?:--app|-A)[ =]\S+)? db upgrade(?: heads?)?(?: (?:-d|--directory)[ =](?<place>[\w./-]+))?$/,
	],
	[
		'alembic',
		/^(?:cd (?<base>[\w./-]+) && )?(?:python3? -m )?alembic(?: (?:-c|--config)[ =](?<place>[\w./-]+))? upgrade heads?$/,
	],
	['django', /^(?:cd [\w./-]+ && )?python3? (?:[\w.-]+\/)*manage\.py migrate\b[^;&|]*$/],
];

/** What a command is, and where its migrations lie: a folder of Flask-Migrate's, settings of alembic's. Pure. */
export function toolOf(command: string): {readonly tool: Tool; readonly base: string; readonly place: string} {
	if (command === 'none') return {tool: 'none', base: '', place: ''};
	for (const [tool, pattern] of patterns) {
		const match = pattern.exec(command.trim());
		if (!match) continue;
		const {base = '.', place} = match.groups ?? {};
		return {tool, base, place: place ?? (tool === 'flask' ? 'migrations' : tool === 'alembic' ? 'alembic.ini' : '')};
	}

	return {tool: 'command', base: '', place: ''};
}

/**
 * For bash, in the folder that the app is started in, with its tool, the place of its migrations and the virtual environment: says
 * which tool it is, looked for where none is given, then prints of each migration the lines that say which follows which (far faster
 * than to start the app and ask alembic), each in one line, and the tables that they make. A fixed number of programs, however many there are.
 */
const look = `tool=$1; place=$2; venv=$3
if [ -z "$tool" ]; then
	if [ -f alembic.ini ] && ! ls -d "$venv"/lib/python3*/site-packages/flask_migrate > /dev/null 2>&1; then tool=alembic; place=alembic.ini
	elif ls migrations/versions/*.py > /dev/null 2>&1; then tool=flask; place=migrations
	elif grep -qsE 'DJANGO_SETTINGS_MODULE|execute_from_command_line' manage.py; then tool=django
	else tool=none; fi
fi
echo "tool $tool"
location=$place
if [ "$tool" = alembic ]; then
	location=$(sed -nE 's/^script_location *= *//p' "$place" | tail -n 1 | tr -d '\\r')
	case $location in
		'%(here)s'*) location=$(dirname "$place")\${location#'%(here)s'} ;;
		*:*) location=$(printf %s "\${location%%:*}" | tr . /)/\${location#*:} ;;
	esac
fi
case $tool in flask | alembic) ;; *) exit ;; esac
case $location in /*) ;; *) location=./$location ;; esac
set -- "$location"/versions/*.py
[ -f "$1" ] || exit
awk '
	FNR == 1 { sub(/^(\\.\\/)+/, "", FILENAME); print "file " FILENAME; open = 0 }
	{ sub(/\\r$/, "") }
	open { text = text " " $0; if (/\\)/ || length(text) > 2000) { print text; open = 0 }; next }
	/^(down_)?revision *[:=]/ { if (/\\([^)]*$/) { text = $0; open = 1 } else print }
' "$@"
grep -hzoE "create_table\\([[:space:]]*['\\"][^'\\"]+" "$@" | tr '\\0' '\\n' | sed -nE "s/.*['\\"]([^'\\"]+)$/table \\1/p"`;

/** How the database of an app's release comes to it: of the next release while there is one. @param migrate '' to look in the release */
export async function readMigration(
	$: Probe,
	answers: Place & {readonly app: string; readonly migrate: string},
): Promise<Migration> {
	const {current, next} = pathsOf(answers.app);
	const {tool, base, place} = answers.migrate === '' ? {tool: '', base: '.', place: ''} : toolOf(answers.migrate);
	if (tool === 'none' || tool === 'command') return {tool, command: answers.migrate, revisions: [], makes: []};
	const [inNext, inCurrent] = [startFolder(next, answers), startFolder(current, answers)];
	const found =
		await $`if [ -e ${next} ]; then cd ${inNext}; venv=${next}/venv; else cd ${inCurrent}; venv=${current}/venv; fi || exit; cd ${base} || exit; bash -c ${look} bash ${tool} ${place} "$venv"`;
	const said = /^tool (\w+)$/m.exec(found)?.[1] ?? 'none';
	const known: Tool = said === 'flask' || said === 'alembic' || said === 'django' ? said : 'none';
	const command = answers.migrate === '' ? commands[known] : answers.migrate;
	const makes = found.split('\n').flatMap(line => /^table (.+)$/.exec(line)?.[1] ?? []);
	return {tool: known, command, revisions: revisionsIn(found), makes: [...new Set(makes)].toSorted()};
}

/** By the release's own Python: `flask` alone may be the system's. */
const commands: Readonly<Record<Tool, string>> = {
	flask: 'python -m flask db upgrade',
	alembic: 'alembic upgrade head',
	django: 'python manage.py migrate --noinput',
	command: '',
	none: '',
};

/** The command that notes the newest migration as done, without running any. */
export function stampCommand(command: string): string {
	return command.replace(
		/ upgrade(?: (heads?)(?= |$))?/,
		(_, target: string | undefined) => ` stamp ${target ?? 'head'}`,
	);
}

/** The lines that `look` prints. */
export function revisionsIn(lines: string): Revision[] {
	const files = lines.split(/^file /m).slice(1);
	return files.flatMap(text => {
		const [file = '', ...rest] = text.split('\n');
		const [id] = namesIn(rest, /^revision/);
		return id === undefined ? [] : [{id, file, after: namesIn(rest, /^down_revision/)}];
	});
}

function namesIn(lines: readonly string[], pattern: RegExp): string[] {
	return lines
		.filter(line => pattern.test(line))
		.flatMap(line => [...line.slice(line.indexOf('=')).matchAll(/['"]([^'"]+)['"]/g)].map(match => match[1] ?? ''));
}

/** Revisions that no other one builds on (Alembic: a merge names several before it). */
export function headsOf(revisions: readonly Revision[]): Revision[] {
	const before = new Set(revisions.flatMap(({after}) => after));
	return revisions.filter(({id}) => !before.has(id)).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
