/** Does a task for every item, at most `limit` of them at once; the answers come in the order of the items. */
export async function pooled<Item, Answer>(
	items: readonly Item[],
	limit: number,
	task: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
	const answers: Answer[] = [];
	const waiting = items.entries();
	const worker = async () => {
		for (const [index, item] of waiting) answers[index] = await task(item);
	};
	await Promise.all(Array.from({length: Math.min(limit, items.length)}, worker));
	return answers;
}
