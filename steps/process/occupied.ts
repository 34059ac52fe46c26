import type {Probe} from '../../source/contract/step.ts';

/** What programs on the box have already, whoever brought them: an app that is new gets something else. */
export type Occupied = {
	/** TCP ports that something listens on, and the users that it runs as; '' where that is not told. */
	readonly ports: readonly {readonly port: number; readonly user: string}[];
	/** Databases of Redis that hold something, or that an app's settings name: then the app. */
	readonly redisDatabases: readonly {readonly database: number; readonly app?: string}[];
};

export const nothingOccupied: Occupied = {ports: [], redisDatabases: []};

/** Lines of an answer that are read: an honest box has a few dozen. */
const most = 500;

/** The process is the first that ss(8) names; a listener of the kernel has none. */
const listeners = `ss -Hltnp | head -n ${most} | awk '{
	count = split($4, part, ":"); pid = 0
	if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
	print part[count], pid
}' | sort -u | while read -r port pid; do echo "$port $(ps -o user:32= -p "$pid")"; done`;

/** INFO keyspace (https://redis.io/docs/latest/commands/info/) names the databases that are not empty: “db0:keys=3,…”. */
const keyspace = `command -v redis-cli > /dev/null && timeout 5 redis-cli INFO keyspace 2> /dev/null | head -n ${most}`;

/** '/srv/blog/shared/.env:REDIS_URL=redis://localhost:6379/1'. Nothing else of the file is read. */
const named = `grep -Hos '^REDIS_URL=redis://localhost:6379/[0-9]*' /srv/*/shared/.env | head -n ${most}`;

/** Looks what is occupied. One round trip, together with all else that is asked in the same moment. */
export async function readOccupied($: Probe): Promise<Occupied> {
	const [ports, kept, settings] = await Promise.all([
		$`bash -c ${listeners}`,
		$`bash -c ${keyspace}`,
		$`bash -c ${named}`,
	]);
	const apps = matches(
		settings,
		/^\/srv\/([a-z][a-z0-9-]*)\/shared\/\.env:REDIS_URL=redis:\/\/localhost:6379\/(\d{1,5})$/,
	);
	const ofApps = apps.map(([app = '', database]) => ({database: Number(database), app}));
	const holding = matches(kept, /^db(\d{1,5}):/).map(([database]) => ({database: Number(database)}));
	return {
		ports: matches(ports, /^(\d{1,5})(?: +([a-z_][\w.-]*))?$/).map(([port, user = '']) => ({port: Number(port), user})),
		redisDatabases: [...ofApps, ...holding.filter(({database}) => !ofApps.some(one => one.database === database))],
	};
}

function matches(text: string, pattern: RegExp): string[][] {
	return text.split('\n').flatMap(line => {
		const found = pattern.exec(line.trimEnd());
		return found ? [found.slice(1)] : [];
	});
}
