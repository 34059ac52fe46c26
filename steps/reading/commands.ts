import {parse} from 'yaml';
import type {DetectedProcess, Tree} from '../../source/contract/detection.ts';
import {at, listOf, readJson, readToml, textAt} from './toml.ts';

/** A command that the repository itself says runs the app, or a part of it. */
export type StatedCommand = {
	/** 'web', 'worker', 'release' … as it stands there. */
	readonly process: string;
	readonly command: string;
	/** 'Procfile:1' */
	readonly where: string;
};

/** The lines of a Procfile: `web: gunicorn app:app`. */
export function procfile(tree: Tree): StatedCommand[] {
	return (tree.text('Procfile') ?? '').split('\n').flatMap((line, index) => {
		const [, process, command] = /^\s*([A-Za-z0-9_-]+)\s*:\s*(\S.*?)\s*$/.exec(line) ?? [];
		return process && command ? [{process, command, where: `Procfile:${index + 1}`}] : [];
	});
}

/** What other platforms' files in the repository say starts the web server, after the Procfile. */
export function statedStarts(tree: Tree): StatedCommand[] {
	return statedAsTheyStand(tree)
		.filter(({command}) => !isMulti(command))
		.map(stated => ({...stated, command: inForeground(stated.command)}));
}

function statedAsTheyStand(tree: Tree): StatedCommand[] {
	const said = (where: string, command: string | undefined, process = 'web'): StatedCommand[] =>
		command ? [{process, command, where}] : [];
	return [
		...procfile(tree).flatMap(stated => ofScript(tree, stated)),
		...said('railway.toml', textAt(readToml(tree.text('railway.toml')), 'deploy', 'startCommand')),
		...said('railway.json', textAt(readJson(tree.text('railway.json')), 'deploy', 'startCommand')),
		...said('nixpacks.toml', textAt(readToml(tree.text('nixpacks.toml')), 'start', 'cmd')),
		...flyProcesses(tree),
		...renderServices(tree),
		...said('Dockerfile', dockerCommand(tree.text('Dockerfile'))),
	];
}

/** Words by which a program leaves whoever started it: for what starts it again when it dies, it has ended then. */
const leaving = /\s--(?:daemon(?:ize)?|detach)\b(?:[= ](?:yes|\S+\.log))?/g;

/** Whether a command leaves its program running in the background. */
export function leavesForeground(command: string): boolean {
	return command !== inForeground(command) || isMulti(command);
}

/** `celery multi start` starts workers in the background, and has no other way. */
const isMulti = (command: string) => /\bcelery\s+multi\s/.test(command);

/** The same command, whose program stays with whoever started it. */
function inForeground(command: string): string {
	const plain = command.replaceAll(leaving, '').replace(/^(?:(?:nohup|setsid)\s+)+/, '');
	const stays = /\b(?:gunicorn|celery)\s/.test(plain) ? plain.replaceAll(/\s-D(?=\s|$)/g, '') : plain;
	return /[^&]&$/.test(stays.trimEnd()) ? stays.trimEnd().slice(0, -1).trimEnd() : stays;
}

const servers = /(?:^|\s|\/)(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian|uwsgi)\s/;
const workers = /^python3?\s+\S*(?:worker|jobs?|tasks?|queue)\S*\.py\b|\b(?:celery|rq|dramatiq)\s/;

/** `web: sh start.sh` is what the script says: its server, and what it runs beside it. */
function ofScript(tree: Tree, stated: StatedCommand): StatedCommand[] {
	const path = /^(?:exec\s+)?(?:(?:\/bin\/)?(?:ba|da)?sh\s+)?\.?\/?((?:[\w-]+\/)*[\w.-]+\.sh)\s*$/.exec(
		stated.command,
	)?.[1];
	const lines = (path === undefined ? '' : (tree.text(path) ?? ''))
		.replaceAll(/\\\n/g, ' ')
		.split('\n')
		.map(line => line.trim().replace(/^exec\s+/, ''));
	const where = `${stated.where} (${path})`;
	const server = lines.find(line => servers.test(line));
	if (server === undefined) return [stated];
	return [
		{...stated, command: server, where},
		...lines.filter(line => workers.test(line)).map(line => ({process: 'worker', command: line, where})),
	];
}

/** The processes beside the web server that they name. */
export function statedProcesses(tree: Tree): DetectedProcess[] {
	return statedStarts(tree)
		.filter(({process, where}) => process !== 'web' && where !== 'Dockerfile')
		.map(({process, command, where}) => ({
			name: process,
			role: process === 'release' ? 'release' : /cron|clock|schedul/i.test(process) ? 'scheduler' : 'worker',
			command,
			because: `${where} says so`,
		}));
}

function flyProcesses(tree: Tree): StatedCommand[] {
	const processes = at(readToml(tree.text('fly.toml')), 'processes');
	if (typeof processes !== 'object' || processes === null) return [];
	return Object.entries(processes).flatMap(([name, command]) =>
		typeof command === 'string' && command !== ''
			? [{process: name === 'app' ? 'web' : name, command, where: 'fly.toml'}]
			: [],
	);
}

function renderServices(tree: Tree): StatedCommand[] {
	return listOf(at(readYaml(tree.text('render.yaml')), 'services')).flatMap(service => {
		const [type, command] = [textAt(service, 'type'), textAt(service, 'startCommand')];
		if (!command || (type !== 'web' && type !== 'worker')) return [];
		return [{process: type === 'web' ? 'web' : (textAt(service, 'name') ?? 'worker'), command, where: 'render.yaml'}];
	});
}

/** A YAML file as plain objects; undefined where it is broken. Aliases are not followed into ever more. */
export function readYaml(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	try {
		return parse(text, {maxAliasCount: 50, logLevel: 'silent'});
	} catch {
		return undefined;
	}
}

/** The last CMD (else ENTRYPOINT; both, where CMD has only options) of a Dockerfile as one line; undefined where there is none, or it only starts a shell script. */
export function dockerCommand(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	const lines = text.replaceAll(/\\\n/g, ' ').split('\n');
	const [command, entrypoint] = ['CMD', 'ENTRYPOINT'].map(word => {
		const said = lines.findLast(line => new RegExp(`^\\s*${word}\\s+\\S`, 'i').test(line));
		return said && asLine(said.replace(/^\s*\w+\s+/, '').trim());
	});
	const whole = command?.startsWith('-') ? entrypoint && `${entrypoint} ${command}` : command;
	return [whole, entrypoint]
		.find(line => line && !/\.sh\b/.test(line))
		?.replace(/^(?:\/bin\/)?(?:ba)?sh -c\s+/, '')
		.replace(/^"(.*)"$/, '$1');
}

function asLine(said: string): string | undefined {
	if (!said.startsWith('[')) return said;
	try {
		const words: unknown = JSON.parse(said);
		return Array.isArray(words)
			? words
					.map(String)
					.map(word => (/[\s()'"]/.test(word) ? `"${word}"` : word))
					.join(' ')
			: undefined;
	} catch {
		return undefined;
	}
}

/** Words of a shell command; quotes are undone, variables stay as they are. */
export function wordsOf(command: string): string[] {
	const words = command.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
	return words.map(word =>
		word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
	);
}

/** Commands that are for a developer's machine: what they are, and what they lack. */
const developmentServers: readonly (readonly [pattern: RegExp, name: string])[] = [
	[/\bflask\b(?:\s+--?[\w-]+(?:[= ]\S+)?)*\s+run\b/, 'flask run'],
	[/\bmanage\.py\s+runserver(?:_plus)?\b/, 'manage.py runserver'],
	[/\bfastapi\s+dev\b/, 'fastapi dev'],
	[/\buvicorn\b.*\s--reload\b/, 'uvicorn --reload'],
	[/\bgunicorn\b.*\s--reload\b/, 'gunicorn --reload'],
	[/\bnodemon\b/, 'nodemon'],
	[
		/\b(?:next|nuxt|nuxi|astro|remix|vite|gatsby|strapi|medusa|wrangler|ember|quasar)\s+(?:dev|develop)\b/,
		'a development server',
	],
	[/(?:^|[\s&;])vite(?:\s+--\S+)*\s*$/, 'vite'],
	[/\b(?:ng|nx)\s+serve\b/, 'a development server'],
	[/\breact-scripts\s+start\b|\bcraco\s+start\b/, 'react-scripts start'],
	[/\bvue-cli-service\s+serve\b/, 'vue-cli-service serve'],
	[/\bwebpack(?:-dev-server|\s+serve)\b/, 'webpack-dev-server'],
	[/\bts-node-dev\b|\btsx\s+watch\b|\bnode\s+--watch\b|\bnest\s+start\s+--(?:watch|debug)\b/, 'a watcher'],
	[/\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:dev|develop|watch)\b/, 'the dev script'],
	[/\bmix\s+phx\.server\b/, 'mix phx.server'],
	[/\bhugo\s+serve(?:r)?\b|\bjekyll\s+serve\b|\bmkdocs\s+serve\b/, 'a preview server'],
	[/\bphp\s+(?:artisan\s+serve|-S)\b|\brails\s+s(?:erver)?\s*$/, 'a development server'],
];

/** The development server that a command starts; undefined where it is none that is known. */
export function developmentServer(command: string): string | undefined {
	return developmentServers.find(([pattern]) => pattern.test(command))?.[1];
}
