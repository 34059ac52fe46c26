import type {Tree} from '../../../source/contract/detection.ts';
import {developmentServer, procfile, statedStarts} from '../../reading/commands.ts';
import {is} from '../../reading/tokens.ts';
import {textAt} from '../../reading/toml.ts';
import type {ScriptFile} from './environment.ts';
import type {Framework} from './frameworks.ts';
import type {NodeManager, Package} from './package.ts';

export type Start = {readonly command: string; readonly said: string; readonly where: string};

const runner = (manager: NodeManager, script: string) =>
	manager === 'npm'
		? script === 'start'
			? 'npm start'
			: `npm run ${script}`
		: manager === 'bun'
			? `bun run ${script}`
			: `${manager} ${script}`;

/** A Procfile's line, a script made for production, `start`, the framework's own command, or the file in "main". */
export function startOf(
	tree: Tree,
	{scripts, table, dependencies}: Package,
	framework: Framework | undefined,
	manager: NodeManager,
): Start | undefined {
	const stated =
		procfile(tree).find(({process}) => process === 'web') ??
		statedStarts(tree).find(({process, where}) => process === 'web' && where !== 'Dockerfile');
	if (stated) return {command: stated.command, said: stated.command, where: stated.where};
	const production = ['start:prod', 'start:production', 'start-prod', 'prod', 'production', 'serve:prod'].find(
		name => name in scripts,
	);
	if (production)
		return {
			command: runner(manager, production),
			said: scripts[production] ?? '',
			where: `package.json’s ${production}`,
		};
	const start = scripts.start;
	if (start && !developmentServer(start))
		return {command: runner(manager, 'start'), said: start, where: 'package.json’s start'};
	if (framework?.start) return {command: framework.start, said: framework.start, where: framework.name};
	const main = [
		textAt(table, 'main'),
		'server.js',
		'app.js',
		'index.js',
		'src/server.js',
		'src/index.js',
		'src/app.js',
	].find(path => path !== undefined && tree.has(path));
	if (main && (framework?.makes === 'server' || Object.keys(dependencies).length > 0))
		return {
			command: `node ${main}`,
			said: main,
			where: main === textAt(table, 'main') ? 'package.json’s main' : 'the file',
		};
	return start ? {command: runner(manager, 'start'), said: start, where: 'package.json’s start'} : undefined;
}

/** server.listen(…), app.listen(…), Bun.serve(…) in a file of the app. */
export function listensItself({tokens}: ScriptFile): boolean {
	return tokens.some(
		(token, at) =>
			is(token, '(') &&
			((is(tokens[at - 1], 'listen') && is(tokens[at - 2], '.')) ||
				(is(tokens[at - 1], 'serve') && (is(tokens[at - 2], '.') ? is(tokens[at - 3], 'Bun') : true))),
	);
}

/** The script `build`, else the framework's command; assets that are built after the install count as built. */
export function buildOf(
	{scripts}: Package,
	framework: Framework | undefined,
	manager: NodeManager,
): string | undefined {
	const script = ['build:prod', 'build:production', 'build'].find(name => name in scripts);
	if (script)
		return manager === 'npm'
			? `npm run ${script}`
			: manager === 'bun'
				? `bun run ${script}`
				: `${manager} run ${script}`;
	return framework?.build && `npx ${framework.build}`;
}

/** The file that the start command runs. */
export function entryOf(tree: Tree, {table, scripts}: Package, command: string | undefined): string | undefined {
	const script = /^(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(\S+)$/.exec(command ?? '')?.[1];
	const first = script ? (scripts[script] ?? '') : (command ?? '');
	const next = /^(?:npm|yarn|pnpm)\s+run\s+([\w:-]+)$/.exec(first)?.[1];
	const line = next ? (scripts[next] ?? '') : first;
	const said = /(?:^|[\s&;])(?:node|tsx|ts-node|bun)\s+(?:-\S+\s+(?:[\w/@-]+\s+)?)*?([\w./-]+)(?:\s|$)/.exec(line)?.[1];
	if (said) return said.replace(/^\.\//, '');
	const main = textAt(table, 'main');
	return main && tree.has(main) ? main : undefined;
}
