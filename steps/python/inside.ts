import {quote} from '../../source/contract/command.ts';
import type {Inside, Kind} from '../../source/contract/kind.ts';
import {pathsOf} from '../folders/paths.ts';
import {startFolder} from '../folders/startFolder.ts';
import {basicVariables, withVariables} from '../process/program.ts';

/** For a shell, in the folder that the app is started in. @param venv the release's virtual environment */
const console = (venv: string) => `if grep -qs DJANGO_SETTINGS_MODULE manage.py; then exec python manage.py shell; fi
if [ -n "$FLASK_APP" ] && [ -x ${quote(`${venv}/bin/flask`)} ]; then exec flask shell; fi
exec python`;

/**
 * The password is read from a pipe, by a file that the clients take one from: neither in their arguments nor in their
 * environment (mysql: --defaults-extra-file; libpq: the connection service file).
 */
const database = `import os, sys
from urllib.parse import parse_qs, unquote, urlsplit
address = urlsplit(os.environ.get("DATABASE_URL", ""))
engine = address.scheme.split("+")[0]
name = unquote(address.path[1:])
def become(words):
    try:
        os.execvp(words[0], words)
    except OSError as error:
        print(f"{words[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)
def piped(text):
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    os.set_inheritable(reading, True)
    return f"/dev/fd/{reading}"
user, password = unquote(address.username or ""), unquote(address.password or "")
os.environ.pop("DATABASE_URL", None)
if engine == "mysql":
    escaped = password.replace("\\\\", "\\\\\\\\").replace('"', '\\\\"')
    socket = parse_qs(address.query).get("unix_socket")
    place = [f"--socket={socket[0]}"] if socket else [f"--host={address.hostname}", f"--port={address.port or 3306}"]
    become(["mysql", "--defaults-extra-file=" + piped(f'[client]\\npassword="{escaped}"\\n'), *place, f"--user={user}", name])
elif engine in ("postgresql", "postgres"):
    fields = {"host": address.hostname or "localhost", "port": address.port or 5432, "user": user, "password": password, "dbname": name}
    os.environ["PGSERVICEFILE"] = piped("[app]\\n" + "".join(f"{key}={value}\\n" for key, value in fields.items()))
    become(["psql", "service=app"])
elif engine == "sqlite":
    become(["sqlite3", name])
else:
    print("Its DATABASE_URL names no database that has a shell here.", file=sys.stderr)
    sys.exit(1)
`;

/**
 * A bash script (root) that runs something in an app: as its own user, where its current release is started, with the app's variables
 * and nothing else. Ends with the exit code of what it ran; 127 where there is no such command.
 * @param term the kind of terminal: 'xterm-256color'
 */
export function insideScript(
	answers: Readonly<Record<string, unknown>>,
	inside: Inside,
	term: string | undefined,
): string {
	const app = String(answers.app);
	const place = {folder: String(answers.folder ?? ''), workingFolder: String(answers.workingFolder ?? '')};
	const {current} = pathsOf(app);
	const variables = Object.entries(basicVariables(app)).map(([name, value]) => `${name}=${value}`);
	const words = [
		...['runuser', '-u', app, '--', 'env', '-i', '-C', startFolder(current, place), ...variables],
		...(term === undefined ? [] : [`TERM=${term}`]),
		...withVariables(app),
		...program(inside, `${current}/venv`),
	];
	return `exec ${words.map(quote).join(' ')}`;
}

function program(inside: Inside, venv: string): readonly string[] {
	switch (inside.run) {
		case 'command':
			// Its words name what is missing, not the shell.
			return ['/usr/bin/env', '--', ...inside.words];
		case 'console':
			return ['/bin/sh', '-c', console(venv)];
		case 'database':
			return [`${venv}/bin/python`, '-I', '-c', database];
		default:
			return inside satisfies never;
	}
}

/** A question for the box: 'yes' where a release of the app is live that commands can be run in, and its variables are there. */
export function isLiveScript(app: string): string {
	const {current, processEnvironment} = pathsOf(app);
	return `[ -x ${quote(`${current}/venv/bin/python`)} ] && [ -e ${quote(processEnvironment)} ] && echo yes`;
}

/** How one goes into an app of this kind. */
export const inside: Kind['inside'] = {script: insideScript, isLive: isLiveScript};
