/** 'one', 'one and two', 'one, two and 3 more'. */
export function enumerate(items: readonly string[], most = 4): string {
	if (items.length <= 1) return items[0] ?? '';
	if (items.length > most) return `${items.slice(0, most - 1).join(', ')} and ${items.length - most + 1} more`;
	return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The line, from 1, on which a text first stands; 1 where it does not. */
export function lineOf(text: string, piece: string | RegExp): number {
	const index = typeof piece === 'string' ? text.indexOf(piece) : text.search(piece);
	return index === -1 ? 1 : text.slice(0, index).split('\n').length;
}
