/** The lines of an answer. */
export function linesOf(answer: string): string[] {
	return answer.split('\n').filter(line => line !== '');
}

/** As many lines as a person reads, and how many more there are. */
export function atMost(lines: readonly string[], most = 8): string[] {
	return lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];
}

/** '1 service', '3 services' */
export function several(count: number, one: string, many = `${one}s`): string {
	return `${count} ${count === 1 ? one : many}`;
}
