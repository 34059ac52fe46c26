import type {Tree} from '../../../source/contract/detection.ts';
import {closingOf, is, type Token, textOf} from '../../reading/tokens.ts';
/** What mix.exs and mix.lock say. */
export type Project = {
	readonly app?: string;
	/** ':elixir' of the project: '~> 1.15'. */
	readonly elixir?: string;
	/** Names with the version that mix.lock holds, else '' or what mix.exs asks for. */
	readonly dependencies: ReadonlyMap<string, string>;
	readonly hasAssets: boolean;
	readonly isUmbrella: boolean;
};

export function readProject(tree: Tree, tokens: readonly Token[]): Project {
	const keyed = (name: string) => tokens.findIndex((token, at) => is(token, name) && is(tokens[at + 1], ':'));
	const appAt = keyed('app');
	const app = tokens[appAt + 2]?.text.replace(/^:/, '');
	const elixir = textOf(tokens.slice(keyed('elixir') + 2, keyed('elixir') + 3));
	const dependencies = new Map<string, string>();
	for (const [at, token] of tokens.entries()) {
		// {:phoenix, "~> 1.7"}
		if (!is(token, '{') || !/^:[a-z]/.test(tokens[at + 1]?.text ?? '') || !is(tokens[at + 2], ',')) continue;
		const only = tokens
			.slice(at, closingOf(tokens, at))
			.findIndex((one, index, all) => is(one, 'only') && is(all[index + 1], ':'));
		if (only !== -1 && !tokens.slice(at + only, closingOf(tokens, at)).some(one => is(one, ':prod'))) continue;
		dependencies.set(tokens[at + 1]?.text.slice(1) ?? '', textOf(tokens.slice(at + 3, at + 4)) ?? '');
	}

	for (const [name, version] of lockedVersions(tree))
		if (dependencies.has(name) || tree.has('apps')) dependencies.set(name, version);
	const isUmbrella = keyed('apps_path') !== -1;
	if (isUmbrella) for (const [name, version] of lockedVersions(tree)) dependencies.set(name, version);
	return {
		...(appAt !== -1 && app && {app}),
		...(keyed('elixir') !== -1 && elixir !== undefined && {elixir}),
		dependencies,
		hasAssets: tokens.some(token => token.type === 'string' && token.text === 'assets.deploy'),
		isUmbrella,
	};
}

/** "phoenix": {:hex, :phoenix, "1.7.10", … */
function lockedVersions(tree: Tree): ReadonlyMap<string, string> {
	const lines = (tree.text('mix.lock') ?? '').matchAll(/^[ \t]*"(\w+)":\s*\{:hex,\s*:\w+,\s*"([^"]+)"/gm);
	return new Map([...lines].map(match => [match[1] ?? '', match[2] ?? '']));
}
