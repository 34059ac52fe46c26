import type {Tree} from '../../../source/contract/detection.ts';
import {compareVersions} from '../../reading/versions.ts';
import type {Project} from './project.ts';

/** Which Elixir each of these needs at least, from the changelogs of the packages. */
const needs: Readonly<Record<string, readonly (readonly [from: string, elixir: string])[]>> = {
	phoenix: [
		['1.8', '1.15'],
		['1.7', '1.11'],
	],
	phoenix_live_view: [
		['1.1', '1.15'],
		['1.0', '1.14.1'],
		['0.20', '1.13'],
	],
	phoenix_html: [['4.2', '1.12']],
	ecto: [
		['3.13', '1.14'],
		['3.12', '1.14'],
		['3.11', '1.11'],
	],
	ecto_sql: [
		['3.13', '1.14'],
		['3.12', '1.14'],
	],
	postgrex: [
		['0.20', '1.15'],
		['0.18', '1.13'],
	],
	bandit: [['1.0', '1.13']],
	oban: [
		['2.20', '1.15'],
		['2.18', '1.14'],
	],
	req: [['0.5', '1.14']],
	swoosh: [['1.17', '1.13']],
	gettext: [['0.26', '1.14']],
	tailwind: [['0.3', '1.14']],
	esbuild: [['0.9', '1.14']],
	ash: [['3.0', '1.14']],
	live_dashboard: [],
};

/** Elixirs of the distributions. */
export const distributions: Readonly<Record<string, string>> = {
	'Ubuntu 22.04': '1.12',
	'Debian 12': '1.14',
	'Ubuntu 24.04': '1.14',
	'Debian 13': '1.18',
};

export type Version = {readonly asked: string; readonly from: string};

/** What a file pins, else the highest that mix.exs and the dependencies of mix.lock ask for. */
export function readElixirVersion(tree: Tree, {elixir, dependencies}: Project): Version | undefined {
	const pinned = /^elixir\s+(\d[\d.]*)/m.exec(tree.text('.tool-versions') ?? '')?.[1];
	if (pinned) return {asked: pinned, from: '.tool-versions'};
	const heroku = /^elixir_version=v?(\d[\d.]*)/m.exec(tree.text('elixir_buildpack.config') ?? '')?.[1];
	if (heroku) return {asked: heroku, from: 'elixir_buildpack.config'};
	const own = elixir === undefined ? undefined : {asked: elixir, from: 'mix.exs'};
	const ofDependencies = [...dependencies].flatMap(([name, version]) => {
		const lowest = /\d+(?:\.\d+)+/.exec(version)?.[0];
		const need = lowest && needs[name]?.find(([from]) => compareVersions(lowest, from) >= 0);
		return need ? [{asked: `>= ${need[1]}`, from: `${name} ${lowest}`}] : [];
	});
	const lowestOf = ({asked}: Version) => /\d+(?:\.\d+)*/.exec(asked)?.[0] ?? '0';
	const [highest] = ofDependencies.sort((one, other) => compareVersions(lowestOf(other), lowestOf(one)));
	return own && (!highest || compareVersions(lowestOf(own), lowestOf(highest)) >= 0) ? own : (highest ?? own);
}
