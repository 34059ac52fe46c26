/** A unit as `systemctl show` tells it: each property by its name, '' for one that it does not tell. */
export type ShownUnit = {
	/** 'blog-clean.timer' */
	readonly id: string;
	readonly value: (property: string) => string;
};

/** Reads what `systemctl show --property=Id,…` has answered, which is one block for each unit. Pure. */
export function shownUnits(answer: string): ShownUnit[] {
	return answer.split('\n\n').flatMap(block => {
		const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
		return value('Id') === '' ? [] : [{id: value('Id'), value}];
	});
}
