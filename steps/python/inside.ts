import {quote} from '../../source/contract/command.ts';
import type {Inside, Kind} from '../../source/contract/kind.ts';
import {pathsOf} from '../folders/paths.ts';

/**
 * python-dotenv reads the .env, as the app itself does it; what a command finds on its way is the release's first. The
 * command takes the place of this program, so that its exit code and its signals are its own.
 */
const enter = `import os, sys
from dotenv import load_dotenv
load_dotenv(sys.argv[1])
def become(words):
    sys.stdout.flush()
    try:
        os.execvp(words[0], words)
    except OSError as error:
        print(f"{words[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
`;

const command = `${enter}become(sys.argv[2:])
`;

const console = `${enter}become(["flask", "shell"] if os.access("venv/bin/flask", os.X_OK) else ["python"])
`;

/**
 * The password is read from a pipe, by a file that the clients take one from: neither in their arguments nor in their
 * environment (mysql: --defaults-extra-file; libpq: the connection service file).
 */
const database = `${enter}from urllib.parse import parse_qs, unquote, urlsplit
address = urlsplit(os.environ.get("DATABASE_URL", ""))
engine = address.scheme.split("+")[0]
name = unquote(address.path[1:])
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
 * A bash script (root) that runs something in an app: as its own user, in its current release, with the environment that
 * its .env gives and nothing else. Ends with the exit code of what it ran; 127 where there is no such command.
 * @param term the kind of terminal: 'xterm-256color'
 */
export function insideScript(app: string, inside: Inside, term: string | undefined): string {
	const {current, state, environment} = pathsOf(app);
	const path = `${current}/venv/bin:/usr/local/bin:/usr/bin:/bin`;
	const variables = [`HOME=${state}`, `USER=${app}`, `LOGNAME=${app}`, `PATH=${path}`, 'LANG=C.UTF-8'];
	const words = [
		...['runuser', '-u', app, '--', 'env', '-i', '-C', current, ...variables],
		...(term === undefined ? [] : [`TERM=${term}`]),
		...[`${current}/venv/bin/python`, '-I', '-c', program(inside), environment],
		...(inside.run === 'command' ? inside.words : []),
	];
	return `exec ${words.map(quote).join(' ')}`;
}

function program(inside: Inside): string {
	switch (inside.run) {
		case 'command':
			return command;
		case 'console':
			return console;
		case 'database':
			return database;
		default:
			return inside satisfies never;
	}
}

/** A question for the box: 'yes' where a release of the app is live that commands can be run in. */
export function isLiveScript(app: string): string {
	return `[ -x ${quote(`${pathsOf(app).current}/venv/bin/python`)} ] && echo yes`;
}

/** How one goes into an app of this kind. */
export const inside: Kind['inside'] = {script: insideScript, isLive: isLiveScript};
