import type {Tree, Warning} from '../../../source/contract/detection.ts';
import {meets} from '../../reading/versions.ts';
import type {Project} from './project.ts';
import {distributions, type Version} from './version.ts';
/** What will go wrong with a release of it. */
export function warningsOf(
	tree: Tree,
	{dependencies, isUmbrella}: Project,
	version: Version | undefined,
	lacksReleaseModule: boolean,
	name: string,
): Warning[] {
	const lacking = version
		? Object.entries(distributions).filter(
				([, elixir]) => !meets(elixir, version.asked.replaceAll(' ', '').replace(/^(\d+\.\d+).*/, '>=$1')),
			)
		: [];
	const runtime = tree.text('config/runtime.exs');
	return [
		...(version && lacking.length > 0
			? [
					{
						code: 'elixir-too-new',
						severity: lacking.length === Object.keys(distributions).length ? 'fails' : 'careful',
						what: `${version.from} asks for Elixir ${version.asked}.`,
						means: `${lacking.map(([box, elixir]) => `${box} has ${elixir}`).join(', ')}: there it can’t be built.`,
						next:
							lacking.length === Object.keys(distributions).length
								? 'Build the release elsewhere, on the same distribution, or take an older version.'
								: 'Take a box with Debian 13, which has 1.18, or let a newer Elixir be installed there.',
						evidence: [`${version.from}: ${version.asked}`],
					} satisfies Warning,
				]
			: []),
		...(lacksReleaseModule && !isUmbrella
			? [
					{
						code: 'no-release-module',
						severity: 'careful',
						what: 'There is no module that migrates from a release.',
						means: 'A release has no mix, so “mix ecto.migrate” is not there to bring the database up to date.',
						next: 'On your machine: mix phx.gen.release, then commit and push. Until then the migrations run from the sources.',
						remedy: {type: 'command', command: 'mix phx.gen.release'},
					} satisfies Warning,
				]
			: []),
		...(dependencies.has('phoenix') &&
		runtime !== undefined &&
		!/PHX_SERVER|server:\s*true/.test(runtime) &&
		!tree.paths.some(path => /rel\/overlays\/bin\/server$/.test(path))
			? [
					{
						code: 'no-server',
						severity: 'careful',
						what: 'Nothing in config/runtime.exs starts the web server in a release.',
						means: 'The release would run, and nothing would listen.',
						next: `Add: if System.get_env("PHX_SERVER"), do: config :${name}, YourEndpoint, server: true`,
					} satisfies Warning,
				]
			: []),
		...(dependencies.has('phoenix') && runtime === undefined
			? [
					{
						code: 'no-runtime-config',
						severity: 'careful',
						what: 'There is no config/runtime.exs.',
						means:
							'What config/prod.exs reads from variables is read as the release is built, and stays in it: the variables have to be there then, secrets too.',
						next: 'Move what reads variables into config/runtime.exs.',
					} satisfies Warning,
				]
			: []),
	];
}
