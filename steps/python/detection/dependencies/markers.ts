import {meets} from '../../../reading/versions.ts';

/** Pythons that a box can have: the distribution's, or one that uv brings. */
export const pythons = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'] as const;

/** What the distributions bring by themselves. */
export const distributions: Readonly<Record<string, string>> = {
	'3.10': 'Ubuntu 22.04',
	'3.11': 'Debian 12',
	'3.12': 'Ubuntu 24.04',
	'3.13': 'Debian 13',
};

/** Values that a marker (PEP 508) can ask for on a Linux box, but for the Python. */
const environment: Readonly<Record<string, string>> = {
	os_name: 'posix',
	sys_platform: 'linux',
	platform_system: 'Linux',
	platform_machine: 'x86_64',
	platform_python_implementation: 'CPython',
	implementation_name: 'cpython',
	extra: '',
};

/** Whether a requirement with this marker is installed by that Python on Linux. A marker that can't be read holds. */
export function markerHolds(marker: string, python: string): boolean {
	const words = marker.match(/\(|\)|"[^"]*"|'[^']*'|[<>=!~]=?=?|[\w.]+/g) ?? [];
	let index = 0;
	const either = (): boolean => {
		let holds = both();
		while (words[index] === 'or') {
			index += 1;
			const next = both();
			holds = holds || next;
		}

		return holds;
	};
	const both = (): boolean => {
		let holds = one();
		while (words[index] === 'and') {
			index += 1;
			const next = one();
			holds = holds && next;
		}

		return holds;
	};
	const one = (): boolean => {
		if (words[index] === '(') {
			index += 1;
			const holds = either();
			index += 1;
			return holds;
		}

		const [left = '', sign = ''] = [words[index], words[index + 1]];
		const isNot = sign === 'not';
		const right = words[index + (isNot ? 3 : 2)] ?? '';
		index += isNot ? 4 : 3;
		return compare(
			operandOf(left, python),
			isNot ? 'not in' : sign,
			operandOf(right, python),
			left.startsWith('python') || right.startsWith('python'),
		);
	};
	return words.length === 0 || either();
}

function operandOf(word: string, python: string): string {
	if (/^["']/.test(word)) return word.slice(1, -1);
	if (word === 'python_version') return python;
	return word === 'python_full_version' ? `${python}.99` : (environment[word] ?? '');
}

function compare(left: string, sign: string, right: string, isVersion: boolean): boolean {
	if (sign === 'in') return right.includes(left);
	if (sign === 'not in') return !right.includes(left);
	if (isVersion && /^\d/.test(left)) return meets(left, `${sign}${right}`);
	return sign === '!=' ? left !== right : left === right;
}
