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

/** Modules that Python itself has no more: imp, asyncore, asynchat and smtpd since 3.12, the others since 3.13 (PEP 594). */
const gone =
	'imp asyncore asynchat smtpd aifc audioop cgi cgitb chunk crypt imghdr mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib lib2to3';

export const leftPython: ReadonlySet<string> = new Set(gone.split(' '));
