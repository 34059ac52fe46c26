/** The candidate that was probably meant: two letters of it differ, or a third (Levenshtein); undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	const scored = candidates
		.map(candidate => ({candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase())}))
		.filter(({candidate, distance}) => distance <= reach(Math.max(candidate.length, word.length)))
		.sort((one, other) => one.distance - other.distance);
	return scored[0]?.candidate;
}

/** 'Did you mean “x”?', or all there are. */
export function didYouMean(word: string, candidates: readonly string[]): string {
	const near = nearest(word, candidates);
	if (near !== undefined) return `Did you mean “${near}”?`;
	return candidates.length === 0 ? 'There are none.' : `There are: ${candidates.join(', ')}.`;
}

const reach = (length: number): number => (length < 4 ? 1 : Math.max(2, Math.floor(length / 3)));

function distance(one: string, other: string): number {
	let row = Array.from({length: other.length + 1}, (_, index) => index);
	for (const [index, letter] of [...one].entries()) {
		const next = [index + 1];
		for (const [column, against] of [...other].entries()) {
			const replaced = (row[column] ?? 0) + (letter === against ? 0 : 1);
			next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
		}

		row = next;
	}

	return row.at(-1) ?? 0;
}
