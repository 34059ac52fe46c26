/** Versions are compared by their numbers alone: '3.11' and '3.11.0' are equal, what follows a letter is left out. */
export function compareVersions(one: string, other: string): number {
	const [first, second] = [numbersOf(one), numbersOf(other)];
	for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
		const difference = (first[index] ?? 0) - (second[index] ?? 0);
		if (difference !== 0) return difference;
	}

	return 0;
}

function numbersOf(version: string): number[] {
	const plain = /\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0';
	return plain.split('.').map(Number);
}

/**
 * Whether a version meets a comma-separated specifier (PEP 440): '>=3.8,<4', '==3.11.*', '~=3.9', '^3.10' (poetry's), '3.11'.
 * A specifier that can't be read is met.
 */
export function meets(version: string, specifier: string): boolean {
	return specifier.split('||').some(alternative =>
		alternative
			.split(/[,\s]+(?=[<>=!~^])|,/)
			.map(part => part.trim())
			.filter(part => part !== '' && part !== '*')
			.every(part => meetsOne(version, part)),
	);
}

function meetsOne(version: string, part: string): boolean {
	const [, sign = '', wanted = ''] = /^(===|==|!=|<=|>=|~=|~>|[<>^~=])?\s*v?(\d[\w.*+!-]*)$/.exec(part) ?? [];
	if (wanted === '') return true;
	const order = compareVersions(cut(version, wanted, sign), wanted);
	switch (sign) {
		case '>=':
			return order >= 0;
		case '>':
			return compareVersions(version, wanted) > 0;
		case '<=':
			return order <= 0;
		case '<':
			return compareVersions(version, wanted) < 0;
		case '!=':
			return !samePrefix(version, wanted);
		case '^':
			return order >= 0 && compareVersions(version, nextOf(wanted, caretPlace(wanted))) < 0;
		case '~=':
		case '~>':
			return order >= 0 && compareVersions(version, nextOf(wanted, Math.max(0, placesIn(wanted) - 2))) < 0;
		case '~':
			return order >= 0 && compareVersions(version, nextOf(wanted, Math.min(1, placesIn(wanted) - 1))) < 0;
		default:
			return samePrefix(version, wanted);
	}
}

/** A version of a distribution is known as 3.11, and 3.11.2 asks for a patch that any 3.11 may have. */
function cut(version: string, wanted: string, sign: string): string {
	const [have, want] = [numbersOf(version), numbersOf(wanted)];
	const sameStart = have.every((number, index) => number === want[index]);
	return sign !== '<' && sameStart && have.length < want.length ? wanted : version;
}

function samePrefix(version: string, wanted: string): boolean {
	const [have, want] = [numbersOf(version), numbersOf(wanted.replace(/\.\*$/, ''))];
	return have.slice(0, want.length).every((number, index) => number === want[index]);
}

const placesIn = (version: string) => numbersOf(version).length;

/** The first number that is not 0 may not change: ^0.3 ends before 0.4. */
function caretPlace(wanted: string): number {
	const first = numbersOf(wanted).findIndex(number => number !== 0);
	return first === -1 ? 0 : first;
}

function nextOf(version: string, place: number): string {
	return numbersOf(version)
		.slice(0, place + 1)
		.map((number, index) => (index === place ? number + 1 : number))
		.join('.');
}

/** The exact version that a specifier pins, '==3.0.0'; undefined where it leaves a choice. */
export function pinOf(specifier: string): string | undefined {
	return /^={2,3}\s*([\w.+!-]+)$/.exec(specifier.trim())?.[1];
}
