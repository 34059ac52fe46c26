import type {Probe} from '../../source/contract/step.ts';

/** A file of nginx's that has a site of the same name. */
export type TakenName = {
	/** Where nginx reads it. */
	readonly path: string;
	/** Further names that it has sites for. */
	readonly others: readonly string[];
};

/**
 * The files, but for the app's own, that have a site of one of these names on a port of the web: nginx would go by the one that it reads first.
 * @param own path of the app's own site
 */
export async function readTaken($: Probe, own: string, names: readonly string[]): Promise<TakenName[]> {
	const answer =
		await $`for file in /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*.conf; do if [ -f "$file" ] && { grep -qE '^[^#]*listen[[:space:]]+([^;[:space:]]*:)?(80|443)[;[:space:]]' "$file" || ! grep -qE '^[^#]*listen[[:space:]]' "$file"; }; then echo "$file" $(sed 's/#.*//' "$file" | tr '\n' ' ' | grep -oE '[{;[:space:]]server_name[[:space:]][^;]*' | sed -E 's/.?server_name//'); fi; done`;
	return answer.split('\n').flatMap(line => {
		const [path = '', ...listed] = line.split(' ');
		if (path === own || !listed.some(name => names.includes(name))) return [];
		return [{path, others: [...new Set(listed)].filter(name => !names.includes(name) && name !== '_')}];
	});
}

/** What a person calls such a file. */
export const nameOf = ({path}: TakenName): string => path.slice(path.lastIndexOf('/') + 1);

export function takenInWords(taken: readonly TakenName[], names: readonly string[]): string {
	const files = taken.map(({path}) => path).join(' and ');
	const others = [...new Set(taken.flatMap(site => site.others))];
	const [name = ''] = names;
	const there = `nginx has a site for ${name} already, in ${files}: visitors would not see the new one.`;
	if (others.length > 0)
		return `${there} It is also that of ${others.join(', ')}, so it can’t be taken out as a whole: take the name out of the file first, or take another domain.`;
	if (taken.length > 1) return `${there} Take the name out of all but one first, or take another domain.`;
	const [first] = taken;
	return `${there} For it to be taken out of nginx (undo puts it back), answer “Existing site” with ${first ? nameOf(first) : ''}; else take another domain.`;
}
