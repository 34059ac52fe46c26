import type {Tree} from '../../../source/contract/detection.ts';
import {readElixir} from '../../reading/elixir.ts';
import {closingOf, is, splitAt, type Token, textOf} from '../../reading/tokens.ts';
import type {Reading} from '../../reading/variables.ts';
/** System.fetch_env!("X"), System.get_env("X", "default"), `|| raise`, and Dotenvy's env!("X", :string). */
export function readingsOf(tree: Tree): Reading[] {
	return tree.paths
		.filter(
			path =>
				/(?:^|\/)(?:config\/(?!test|dev)[^/]+\.exs|lib\/.*\.ex)$/.test(path) &&
				!/(?:^|\/)(?:deps|_build|test|node_modules)\//.test(path),
		)
		.slice(0, 600)
		.flatMap(path => readingsIn(path, readElixir(tree.text(path) ?? '')));
}

function readingsIn(path: string, tokens: readonly Token[]): Reading[] {
	const found: Reading[] = [];
	for (let at = 0; at < tokens.length; at += 1) {
		const isSystem =
			is(tokens[at], 'System') &&
			is(tokens[at + 1], '.') &&
			/^(?:get_env|fetch_env!?)$/.test(tokens[at + 2]?.text ?? '');
		const isDotenvy =
			(is(tokens[at], 'env!') || /^(?:get_env|get_var_from_path_or_env|fetch_env!)$/.test(tokens[at]?.text ?? '')) &&
			is(tokens[at + 1], '(') &&
			!is(tokens[at - 1], '.') &&
			!is(tokens[at - 1], 'def') &&
			!is(tokens[at - 1], 'defp');
		const open = isSystem ? at + 3 : at + 1;
		if ((!isSystem && !isDotenvy) || !is(tokens[open], '(')) continue;
		const end = closingOf(tokens, open);
		const parts = splitAt(tokens.slice(open + 1, end), ',');
		// Some helpers take the place that they look into first.
		const name = textOf(parts[0]) ?? (isDotenvy ? textOf(parts[1]) : undefined);
		if (name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
		const given = isSystem ? parts[1] : parts[2];
		const after = is(tokens[end + 1], '||') ? tokens[end + 2] : undefined;
		const raises = is(after, 'raise');
		const isStrict = tokens[isSystem ? at + 2 : at]?.text.endsWith('!') ?? false;
		const otherwise = textOf(given) ?? (after && !raises ? textOf([after]) : undefined);
		const hasDefault = given !== undefined || (after !== undefined && !raises);
		found.push({
			name,
			required: (isStrict || raises) && !hasDefault,
			where: `${path}:${tokens[at]?.line ?? 1}`,
			...(otherwise !== undefined && otherwise !== '' && {default: otherwise}),
		});
	}

	return found;
}
