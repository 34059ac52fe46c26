import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** A small app of its own shape, and what its site says. */
export type Sample = {
	/** Its folder in test/road/samples, and its name on the box. */
	readonly name: string;
	/** What its first page says: a number that grows with each visit, from its database. */
	readonly page: RegExp;
	/** A file that nginx hands out. */
	readonly file: string;
	/** The file with its title, which a new version changes. */
	readonly titled: string;
	/** Its worker counts each visit of this path. */
	readonly counts?: string;
	/** Packages of Debian that are there while it is built, and not afterwards. */
	readonly builtWith?: readonly string[];
};

export const samples: readonly Sample[] = [
	{
		name: 'pipfile',
		page: /<p>(\d+) guests in PostgreSQL/,
		file: '/static/guests.css',
		titled: 'app.py',
		builtWith: ['build-essential', 'dpkg-dev', 'gcc', 'libpq-dev', 'make', 'python3-dev'],
	},
	{
		name: 'celery',
		page: /<p>(\d+) counted/,
		file: '/static/shop.css',
		titled: 'shop/templates/index.html',
		counts: '/count',
	},
	{
		name: 'uv',
		page: /<p>(\d+) notes over https/,
		file: '/static/notes.css',
		titled: 'service/src/notes/main.py',
	},
	{
		name: 'django',
		page: /<p>(\d+) votes in postgresql/,
		file: '/static/polls/polls.css',
		titled: 'polls/templates/polls/index.html',
	},
	{
		name: 'fastapi',
		page: /<p>(\d+) todos in sqlite over https/,
		file: '/static/todo.css',
		titled: 'main.py',
	},
	{
		name: 'poetry',
		page: /<p>(\d+) visits in mysql/,
		file: '/static/ledger.css',
		titled: 'ledger/templates/index.html',
	},
];

const folder = fileURLToPath(new URL('../samples/', import.meta.url));

export function folderOf({name}: Sample): string {
	return join(folder, name);
}

/** Files of an app by path: their whole text, or null for one that is gone. */
export type Changes = Readonly<Record<string, string | null>>;

/** A version of an app in a folder of its own, for as long as `use` takes: the titles of its pages end with the version's name, one word. */
export function withVersion<Value>(
	{from, titled, version, changes = {}}: Version,
	use: (folder: string) => Value,
): Value {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-version-'));
	try {
		cpSync(from, folder, {recursive: true});
		const file = join(folder, titled);
		writeFileSync(file, readFileSync(file, 'utf8').replaceAll('</title>', ` ${version}</title>`));
		for (const [path, text] of Object.entries<string | null>(changes)) {
			if (text === null) rmSync(join(folder, path));
			else writeFileSync(join(folder, path), text);
		}

		return use(folder);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

export type Version = {
	/** The folder with the app as it was. */
	readonly from: string;
	/** The file with the title. */
	readonly titled: string;
	readonly version: string;
	readonly changes?: Changes;
};

/** What on a page names the version that made it. */
export const versionOnPage = /<title>[^<]* (\S+)<\/title>/;
