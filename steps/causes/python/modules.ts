/** Whether a module is a file or folder of the app itself, or of what it is started by: what is missing then is no package. */
export function isOwnModule(module: string, own: readonly string[], words: readonly string[]): boolean {
	const top = topOf(module);
	return own.includes(top) || own.includes(`${top}.py`) || entriesOf(words).some(entry => topOf(entry) === top);
}

/** Whether it is what the program is told to load ('microblog:app'), or a folder on the way there. */
export function isEntry(module: string, words: readonly string[]): boolean {
	return entriesOf(words).some(entry => `${entry}.`.startsWith(`${module}.`));
}

function entriesOf(words: readonly string[]): string[] {
	return words.filter(word => /^[\w.]+:[\w.]+(\(\))?$/.test(word)).map(word => word.replace(/:.*/, ''));
}

function topOf(module: string): string {
	return module.replace(/\..*/, '');
}

/** Names under which many packages of PyPI have a part each. */
const shared = ['azure', 'backports', 'google', 'opentelemetry', 'ruamel', 'zope'];

/** Whether its first name tells no package: 'google.cloud'. */
export function isOfShared(module: string): boolean {
	return shared.includes(topOf(module));
}

/** Modules that Python itself has no more: imp, asyncore, asynchat and smtpd since 3.12, the others since 3.13 (PEP 594). */
const gone =
	'imp asyncore asynchat smtpd aifc audioop cgi cgitb chunk crypt imghdr mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib lib2to3';

export const leftPython: ReadonlySet<string> = new Set(gone.split(' '));
