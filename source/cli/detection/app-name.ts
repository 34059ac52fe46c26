/** Characters of an app's name at most: those that its option takes. */
const longest = 30;

/**
 * A name for an app after its repository: 'Flask_Blog.js' becomes 'flask-blog-js', or 'flask-blog-js-2' where that is taken. Pure.
 * @param taken names that other apps and accounts of the box have
 * @param fits whether it is no name that the system has for itself
 */
export function freeAppName(repository: string, taken: readonly string[], fits: (name: string) => boolean): string {
	const plain = repository
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replace(/^[^a-z]+/, '')
		.slice(0, longest)
		.replace(/-+$/, '');
	const isFree = (name: string) => !taken.includes(name) && fits(name);
	const base = plain === '' ? 'app' : plain;
	if (isFree(base)) return base;
	for (let number = 2; ; number += 1) {
		const end = `-${number}`;
		const name = `${base.slice(0, longest - end.length).replace(/-+$/, '')}${end}`;
		if (isFree(name) || number > taken.length + 2) return name;
	}
}
