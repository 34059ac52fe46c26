import {didYouMean} from '../answers/nearest.ts';
import type {AppOnBox} from '../contract/diagnosis/cause.ts';
import type {Secret} from '../contract/secret.ts';
import type {Probe} from '../contract/step.ts';
import {Trouble} from '../contract/trouble.ts';
import {hiddenValues} from './hidden.ts';
import {isWorker, type Program, supervisorPrograms, unitProgram, unitProperties} from './program.ts';
import {portIn} from './spare-port.ts';

/** How the app stands under its process manager. */
export type Supervised = 'running' | 'failing' | 'stopped';

/** An app, and how it stands, as the box has it now. */
export type Situation = {
	readonly app: AppOnBox;
	readonly program: Program;
	readonly supervised: Supervised;
	/** What it answers under its process manager (an HTTP status); 0 where it does not. Undefined for what serves no pages. */
	readonly answers?: number;
	/** A port of the loopback that nobody has. */
	readonly sparePort: number;
	/** It listens where its variable PORT says. */
	readonly readsPort: boolean;
	/** It has a GUNICORN_CMD_ARGS of its own. */
	readonly gunicornIsTold: boolean;
	/** What must not be seen in any output. */
	readonly hidden: readonly Secret[];
	/** The box's time, '2026/11/21 10:15:00': what nginx logged since then is news. */
	readonly since: string;
};

/** What the journal knows of the box's app. */
export type KnownApp = {
	readonly app?: string;
	readonly domain?: string;
	/** What the program of an app is called on the box now: its server may be in one of two slots. */
	readonly programOf?: ($: Probe, app: string) => Promise<string>;
};

type Standing = {readonly supervised: Supervised; readonly pid?: string};

/**
 * Finds the app that is meant and reads how it is run: two round trips.
 * @throws Trouble where the box runs no such app
 */
export async function lookAtApp($: Probe, name: string | undefined, known: KnownApp): Promise<Situation> {
	const wanted = name ?? known.app;
	const [live, files, status, units, sites, sockets, since] = await Promise.all([
		wanted === undefined ? undefined : (known.programOf?.($, wanted) ?? wanted),
		$`for file in /etc/supervisor/supervisord.conf /etc/supervisor/conf.d/*.conf; do if [ -f "$file" ]; then printf '==> %s <==\n' "$file"; cat "$file"; echo; fi; done`,
		// What is being started is waited for: it says within a second whether it stays.
		$`for try in {1..15}; do status=$(supervisorctl status); case $status in *STARTING*) sleep 0.1 ;; *) break ;; esac; done; echo "$status"`,
		$`for unit in /etc/systemd/system/*.service; do
	if [ ! -f "$unit" ] || [ -L "$unit" ]; then continue; fi
	name=\${unit##*/}; printf '==> %s <==\n' "\${name%.service}"
	systemctl show --property=ActiveState,MainPID,${unitProperties} "$name"
	systemctl show --property=DropInPaths --value "$name" | xargs sed -e ':more' -e '/\\\\$/{N;s/\\\\\\n//;b more' -e '}' "$unit" | grep '^ExecStart=' | tail -n 1
done`,
		$`cat /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*.conf`,
		$`ss -Hltn`,
		$`date -d '-10 minutes' '+%Y/%m/%d %H:%M:%S'`,
	]);
	const supervisor = supervisorPrograms(files);
	const standings = new Map(supervisor.map(({name}) => [name, supervisorStanding(status, name)]));
	const systemd = unitBlocks(units).flatMap(({name, text}) => {
		const program = unitProgram(name, text, /^ExecStart=.*$/m.exec(text)?.[0] ?? '');
		if (!program) return [];
		standings.set(name, unitStanding(text));
		return [program];
	});
	const program = choose([...supervisor, ...systemd], {name, wanted, live}, standings);
	const standing = standings.get(program.name) ?? {supervised: 'failing'};
	const called = program.name === live && wanted !== undefined ? wanted : program.name;
	const situation = await lookCloser($, program, {called, standing, taken: new Set(portsOf(sockets)), sites, known});
	return {...situation, since};
}

/** What a person would call an app where they name none: not root's, and not of a package. */
function isApp({manager, folder, words}: Program): boolean {
	return manager === 'supervisor' || [folder, words[0] ?? ''].some(path => /^\/(srv|home|opt|var\/www)\//.test(path));
}

/** The app that is meant: as a person named it, or else as the journal does; and what its program is called now. */
type Wish = {
	readonly name: string | undefined;
	readonly wanted: string | undefined;
	readonly live: string | undefined;
};

function choose(
	programs: readonly Program[],
	{name, wanted, live}: Wish,
	standings: ReadonlyMap<string, Standing>,
): Program {
	const named = [live, wanted].flatMap(one => programs.find(program => program.name === one) ?? []);
	if (named[0]) return named[0];
	const apps = programs.filter(isApp);
	const first = (supervised: Supervised) => apps.find(one => standings.get(one.name)?.supervised === supervised);
	const found = first('failing') ?? first('running') ?? apps[0];
	if (name === undefined && found) return found;
	const names = programs.map(program => program.name);
	throw new Trouble({
		what: name === undefined ? 'No app runs on this box.' : `No app “${name}” runs on this box.`,
		means: 'Neither supervisor nor systemd has a program of that name, so there is nothing to run in the foreground.',
		next: names.length > 0 ? didYouMean(name ?? '', names) : 'Set one up first: boxwizard setup HOST',
		evidence: ['/etc/supervisor/conf.d', '/etc/systemd/system'],
		code: 'no-app',
	});
}

/** 'microblog   RUNNING   pid 499, uptime 0:00:02' */
function supervisorStanding(status: string, name: string): Standing {
	const line = status.split('\n').find(one => one.split(/\s+/)[0] === name) ?? '';
	const state = line.split(/\s+/)[1];
	const pid = /pid (\d+)/.exec(line)?.[1];
	if (state === 'RUNNING') return {supervised: 'running', ...(pid !== undefined && {pid})};
	return {supervised: state === 'STOPPED' ? 'stopped' : 'failing'};
}

function unitStanding(text: string): Standing {
	const state = /^ActiveState=(.*)$/m.exec(text)?.[1];
	const pid = /^MainPID=([1-9]\d*)$/m.exec(text)?.[1];
	if (state === 'active') return {supervised: 'running', ...(pid !== undefined && {pid})};
	return {supervised: state === 'inactive' ? 'stopped' : 'failing'};
}

function unitBlocks(text: string): {name: string; text: string}[] {
	return text
		.split(/^==> /m)
		.slice(1)
		.map(block => ({name: block.slice(0, block.indexOf(' <==')), text: block}));
}

function portsOf(text: string): number[] {
	return [...text.matchAll(/:(\d+)\s/g)].map(([, port]) => Number(port));
}

type Seen = {
	/** What people call the program. */
	readonly called: string;
	readonly standing: Standing;
	/** Ports that something listens on. */
	readonly taken: ReadonlySet<number>;
	readonly sites: string;
	readonly known: KnownApp;
};

async function lookCloser($: Probe, program: Program, seen: Seen): Promise<Omit<Situation, 'since'>> {
	const {called, standing, taken, known} = seen;
	const settings = settingsPath(program);
	const [names, environment, bound, served] = await Promise.all([
		$`readlink -e -- ${program.folder}; ls -A -- ${program.folder}`,
		$`file=$(readlink -e ${`${program.folder}/.env`} || echo ${program.environmentFile}); if [ -f "$file" ]; then echo "$file"; cat -- "$file"; fi`,
		$`sed -nE ${`s/^bind *=.*:([0-9]+)["'].*/\\1/p`} ${settings}`,
		isWorker(program) || standing.pid === undefined ? '' : readServed($, standing.pid, known.domain),
	]);
	const [release = '', ...ownNames] = names.split('\n');
	const [own, answer] = served.split('\n');
	const [path = '', ...lines] = environment.split('\n');
	const {said, ...told} = toldTo(program, lines, numberOf(own));
	const isOwn = known.app !== undefined && (called === known.app || called === `${known.app}-worker`);
	const port =
		numberOf(own) ??
		portIn(program.words) ??
		numberOf(bound) ??
		said ??
		siteFor(seen.sites, {name: called, folder: program.folder})?.ports[0];
	const domain = (isOwn ? known.domain : undefined) ?? siteAt(seen.sites, port)?.name;
	const serves = port !== undefined && !isWorker(program);
	return {
		program,
		supervised: standing.supervised,
		...(serves && {answers: Number(answer) || 0}),
		sparePort: spare(taken),
		...told,
		app: {
			name: called,
			program: program.name,
			manager: program.manager,
			configuration: program.path,
			words: program.words,
			user: program.user,
			folder: program.folder,
			release,
			own: ownNames,
			log: program.log === '' ? `journalctl --unit ${program.name}` : program.log,
			isOwn,
			...(serves && {port}),
			...(serves && domain !== undefined && {domain}),
			...(path !== '' && {environment: path}),
		},
	};
}

type Told = Pick<Situation, 'readsPort' | 'gunicornIsTold' | 'hidden'> & {readonly said: number | undefined};

/** What a program's variables say, those of its process manager and the lines of its file; `own` is where it listens. */
function toldTo({environment, words}: Program, lines: readonly string[], own: number | undefined): Told {
	const variables = [...environment.map(pair => pair.join('=')), ...lines];
	const said = numberOf(variableOf(variables, 'PORT'));
	return {
		said,
		readsPort: (said !== undefined && said === own) || words.some(word => /\$\{?PORT\b/.test(word)),
		gunicornIsTold: variableOf(variables, 'GUNICORN_CMD_ARGS') !== undefined,
		hidden: hiddenValues(variables.join('\n')),
	};
}

/** Of lines NAME=value, the last one that says it. */
function variableOf(lines: readonly string[], name: string): string | undefined {
	const line = lines.findLast(text => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(text));
	return line?.slice(line.indexOf('=') + 1).replaceAll(/^\s*['"]?|['"]?\s*$/g, '');
}

/** Where a process listens, and what it answers there. One that was just started gets five seconds for it, as long as it lives. */
function readServed($: Probe, pid: string, domain = 'localhost'): Promise<string> {
	return $`for try in {1..50}; do
	port=$(ss -Hltnp | grep -F ${`pid=${pid},`} | grep -oE ':[0-9]+ ' | head -n 1 | tr -d ': ')
	if [ -n "$port" ] || [ ! -e ${`/proc/${pid}`} ]; then break; fi
	sleep 0.1
done
if [ -z "$port" ]; then exit; fi
echo "$port"
curl --silent --noproxy '*' --output /dev/null --max-time 10 --write-out '%{http_code}' --header 'X-Forwarded-Proto: https' --header ${`Host: ${domain}`} "http://127.0.0.1:$port/"`;
}

/** gunicorn's settings, where the words name them or it looks by itself. */
function settingsPath({words, folder}: Program): string {
	const at = words.findIndex(word => word === '--config' || word === '-c');
	const path = at === -1 ? 'gunicorn.conf.py' : (words[at + 1] ?? '');
	return path.startsWith('/') ? path : `${folder}/${path}`;
}

function numberOf(text: string | undefined): number | undefined {
	const number = Number(text?.split('\n')[0]);
	return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** A site that hands requests on, and the ports that it hands them to. */
type SiteSeen = {readonly name: string; readonly ports: readonly number[]; readonly text: string};

function sitesOf(text: string): SiteSeen[] {
	return text.split(/^server \{/m).flatMap(block => {
		const name = /^\s*server_name\s+([^\s;]+)/m.exec(block)?.[1];
		const target = /^\s*proxy_pass\s+http:\/\/([^;/\s]+)/m.exec(block)?.[1] ?? '';
		const ports = target.includes(':') ? portsOf(`${target} `) : upstreamPorts(text, target);
		return name !== undefined && ports.length > 0 ? [{name, ports, text: block}] : [];
	});
}

/** Ports of the servers that an `upstream` names, or several where a variable of nginx's is part of the name. */
function upstreamPorts(text: string, target: string): number[] {
	const literal = target.split(/\$\w+/).map(part => part.replaceAll(/[^\w-]/g, '\\$&'));
	const isMeant = new RegExp(`^${literal.join('\\w+')}$`);
	return [...text.matchAll(/^upstream\s+(\S+)\s*\{([^}]*)/gm)].flatMap(([, name = '', servers = '']) =>
		isMeant.test(name) ? portsOf(servers.replaceAll(';', ' ')) : [],
	);
}

const siteAt = (text: string, port: number | undefined) =>
	sitesOf(text).find(site => port !== undefined && site.ports.includes(port));

/** The site that serves a program, told by its folder, or by its name in that of a log. Every site has the root folder in it somewhere. */
export const siteFor = (text: string, {name, folder}: Pick<Program, 'name' | 'folder'>) =>
	sitesOf(text).find(site => (folder !== '/' && site.text.includes(folder)) || site.text.includes(`/${name}_`));

/** Above what apps are usually given, below what outgoing connections take (ip_local_port_range, from 32768). */
function spare(taken: ReadonlySet<number>): number {
	let port = 18_000;
	while (taken.has(port)) port += 1;
	return port;
}
