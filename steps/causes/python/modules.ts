/** Whether a module is a file or folder of the app itself: what is missing then is no package. */
export function isOwnModule(module: string, own: readonly string[]): boolean {
	const [top = ''] = module.split('.');
	return own.includes(top) || own.includes(`${top}.py`);
}

/** Whether it is what the program is told to load ('microblog:app'). */
export function isEntry(module: string, words: readonly string[]): boolean {
	const [top = ''] = module.split('.');
	return words.some(word => /^[\w.]+:[\w.]+(\(\))?$/.test(word) && word.split(/[.:]/)[0] === top);
}
