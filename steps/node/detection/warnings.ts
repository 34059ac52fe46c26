import type {Remedy, Tree, Warning} from '../../../source/contract/detection.ts';
import {developmentServer} from '../../reading/commands.ts';
import {enumerate} from '../../reading/evidence.ts';
import {compareVersions} from '../../reading/versions.ts';
import type {Framework} from './frameworks.ts';
import type {NodeManager, Package} from './package.ts';
import type {Start} from './start.ts';

const newestNode = 26;

export function warningsOf(
	tree: Tree,
	found: Package,
	framework: Framework | undefined,
	start: Start | undefined,
	version: string | undefined,
	isLocked: boolean,
	others: readonly string[],
	build: string | undefined,
	manager: NodeManager,
): Warning[] {
	return [
		...startWarnings(found, framework, start, build),
		...versionWarnings(version),
		...(isLocked
			? []
			: [
					{
						code: 'no-lock-file',
						severity: 'careful',
						what: 'There is no lock file.',
						means: 'Each deploy takes whatever versions are newest that day, so what ran yesterday may not today.',
						next: `On your machine: ${manager} install, then commit the lock file that it writes.`,
						remedy: {type: 'command', command: `${manager} install`},
					} satisfies Warning,
				]),
		...(others.length > 0
			? [
					{
						code: 'several-lock-files',
						severity: 'careful',
						what: `There are lock files of several managers: ${enumerate(others)} beside ${manager}’s.`,
						means: 'Only one of them is kept up to date.',
						next: `Delete the other: git rm ${others[0]}`,
						remedy: {type: 'command', command: `git rm ${others[0]}`},
					} satisfies Warning,
				]
			: []),
		...moduleWarnings(tree, found),
		...husky(found),
	];
}

function startWarnings(
	{scripts}: Package,
	framework: Framework | undefined,
	start: Start | undefined,
	build: string | undefined,
): Warning[] {
	if (!start)
		return [
			{
				code: 'no-start',
				severity: 'fails',
				what: 'Nothing says what starts the app.',
				means: 'package.json has no start script, and no usual file such as server.js is there.',
				next: 'Add to the scripts of package.json: "start": "node FILE"',
			},
		];
	const server = developmentServer(start.said);
	if (server)
		return [
			{
				code: 'development-server',
				severity: 'careful',
				what: `${start.where} starts a development server: ${server}.`,
				means: 'It is slow, shows its insides to visitors, and needs packages that a box should not have.',
				next: framework?.start
					? `boxwizard starts it with “${framework.start}” instead.`
					: 'Name a start script for production: "start": "node FILE"',
				...(framework?.start && {remedy: {type: 'answer', set: {start: framework.start}} satisfies Remedy}),
				evidence: [`${start.where}: ${start.said}`],
			},
		];
	if (/\bpm2\b(?!-runtime)/.test(start.said))
		return [
			{
				code: 'pm2-start',
				severity: 'careful',
				what: `${start.where} starts pm2, which goes into the background.`,
				means: 'Whoever started it sees it end, and takes the app for dead.',
				next: 'boxwizard starts the file itself. In package.json: "start": "node FILE"',
				evidence: [`${start.where}: ${start.said}`],
			},
		];
	if (scripts.start && start.command !== 'npm start' && developmentServer(scripts.start))
		return [
			{
				code: 'development-server',
				severity: 'careful',
				what: `package.json’s start runs a development server: ${developmentServer(scripts.start)}.`,
				means: 'It was not taken.',
				next: `boxwizard builds the app${build ? ` (${build})` : ''} and starts it with “${start.command}”.`,
			},
		];
	return [];
}

function versionWarnings(asked: string | undefined): Warning[] {
	const lowest = /(\d+)(?:\.(\d+|x|\*))?/.exec(asked ?? '')?.[0];
	if (!asked || !lowest || /^(?:lts|latest|node|stable|current)/i.test(asked)) return [];
	const isExact = /^[v=~^]?\s*\d/.test(asked) && !/\|\||[<>]|-\s*\d/.test(asked);
	const major = Number.parseInt(lowest, 10);
	if (isExact && major < 18)
		return [
			{
				code: 'node-too-old',
				severity: compareVersions(lowest, '12') < 0 ? 'fails' : 'careful',
				what: `It asks for Node ${asked}.`,
				means:
					'That has had no security updates for years. Debian 12 has 18, Debian 13 has 20, and newer ones can be had.',
				next: 'Try it with Node 20 or newer, and raise the version that it asks for.',
			},
		];
	if (major <= newestNode) return [];
	return [
		{
			code: 'node-not-to-be-had',
			severity: 'fails',
			what: `It asks for Node ${asked}, which does not exist.`,
			means: 'No box can have it.',
			next: 'Name one that exists, such as 24.',
		},
	];
}

/** pm2 reads ecosystem.config.js by require. */
function moduleWarnings(tree: Tree, {isModule}: Package): Warning[] {
	if (!isModule || !tree.has('ecosystem.config.js')) return [];
	return [
		{
			code: 'ecosystem-module',
			severity: 'careful',
			what: 'ecosystem.config.js is read as an ES module, since package.json says "type": "module".',
			means: 'pm2 can’t load it so: “File ecosystem.config.js malformated”.',
			next: 'Rename it: git mv ecosystem.config.js ecosystem.config.cjs',
			remedy: {type: 'command', command: 'git mv ecosystem.config.js ecosystem.config.cjs'},
			evidence: ['ecosystem.config.js'],
		},
	];
}

/** A `prepare` that calls a tool for development fails an install without those. */
function husky({scripts, dependencies, development}: Package): Warning[] {
	const hook = ['prepare', 'postinstall', 'preinstall'].find(name =>
		/^(?:npx\s+)?(?:husky|lefthook|simple-git-hooks|is-ci|patch-package|lint-staged)\b/.test(scripts[name] ?? ''),
	);
	const tool = hook && /(?:npx\s+)?([\w-]+)/.exec(scripts[hook] ?? '')?.[1];
	if (!hook || !tool || tool in dependencies || !(tool in development)) return [];
	return [
		{
			code: 'development-hook',
			severity: 'careful',
			what: `package.json’s ${hook} calls ${tool}, which is there for development alone.`,
			means: 'An install without the packages for development stops there: command not found, exit 127.',
			next: `boxwizard installs all of them, builds, and then takes those off, without ${hook}. Or write: "${hook}": "${scripts[hook]} || true"`,
			evidence: [`package.json: "${hook}": "${scripts[hook]}"`],
		},
	];
}
