import type {Tree, Warning} from '../../source/contract/detection.ts';
import {parseDotenv} from './dotenv.ts';
import {isSecretName} from './variables.ts';

const ofTests = /(?:^|\/)(?:tests?|spec|__tests__|fixtures?|testdata|examples?|samples?|docs?|e2e|cypress)\//i;

/** What every kind looks for: secrets and databases that are committed, names that can't be read, files that are not committed. */
export function committedWarnings(tree: Tree, database: string | undefined): Warning[] {
	const files = database === undefined || database === 'sqlite' ? committedDatabases(tree) : [];
	return [...committedSecrets(tree), ...committedKeys(tree), ...files, ...leftOut(tree)];
}

function committedSecrets(tree: Tree): Warning[] {
	return tree.paths
		.filter(
			path => /^(?:[^/]+\/){0,2}\.env(?:\.(?:local|prod|production|live|staging))?$/.test(path) && !ofTests.test(path),
		)
		.flatMap((path): Warning[] => {
			const names = parseDotenv(tree.text(path) ?? '')
				.variables.filter(({name, value}) => isSecretName(name) && value.length >= 6 && !isPlaceholder(value))
				.map(({name}) => name);
			if (names.length === 0) return [];
			return [
				{
					code: 'committed-secrets',
					severity: 'careful',
					what: `${path} is committed, with ${list(names)} in it.`,
					means:
						'Whoever can read the repository knows them, also after the file is deleted: they stay in its history.',
					next: `Make new ones where they count, and take the file out: git rm --cached ${path}, then a line ${path} in .gitignore. On the box boxwizard writes a .env of its own.`,
					remedy: {type: 'command', command: `git rm --cached ${path}`},
					evidence: names.map(name => `${path}: ${name}`),
				},
			];
		});
}

const isPlaceholder = (value: string) =>
	/^(?:change|replace|your|my|dummy|test|example|sample|placeholder|xxx|todo|secret$|password$|admin$|postgres$|root$|<|\$\{)|:\/\/(?:[^:@/]*:)?(?:user|postgres|root|password|postgres|username)?[^@]*@?(?:localhost|127\.0\.0\.1|db|postgres|redis)\b|^redis:\/\/|^sqlite/i.test(
		value,
	);

const list = (names: readonly string[]) =>
	names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

function committedKeys(tree: Tree): Warning[] {
	const keys = tree.paths.filter(
		path =>
			!ofTests.test(path) &&
			/(?:^|\/)(?:id_(?:rsa|ed25519|ecdsa|dsa)|[^/]+\.(?:pem|key|p8)|[^/]*(?:service[-_]?account|credentials|firebase-adminsdk)[^/]*\.json)$/i.test(
				path,
			) &&
			/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test((tree.text(path) ?? '').replaceAll('\\n', '\n')),
	);
	if (keys.length === 0) return [];
	return [
		{
			code: 'committed-key',
			severity: 'careful',
			what: `A private key is committed: ${list(keys)}.`,
			means: 'Whoever can read the repository has it, also after it is deleted: it stays in the history.',
			next: 'Make a new key where this one counts, and give it to the app by a variable instead of a file.',
			remedy: {type: 'command', command: `git rm --cached ${keys[0]}`},
			evidence: keys,
		},
	];
}

/** SQLite files in a folder of tests or data sets are no live databases. */
export function databaseFiles(tree: Tree): string[] {
	return tree.paths.filter(
		path =>
			/\.(?:db|sqlite3?|db3)$/i.test(path) &&
			!ofTests.test(path) &&
			path.split('/').length <= 4 &&
			!/(?:^|\/)(?:Thumbs\.db|geo\w*\.db)$/i.test(path),
	);
}

function committedDatabases(tree: Tree): Warning[] {
	return databaseFiles(tree).map(path => ({
		code: 'tracked-database',
		severity: 'careful',
		what: `The database file ${path} is committed.`,
		means:
			'The app writes into it on the box. With the next commit that touches it, what people entered since would be covered by the copy of your machine.',
		next: `Take it out of git and keep it where releases don’t touch it: git rm --cached ${path}, and a line ${path} in .gitignore.`,
		remedy: {type: 'command', command: `git rm --cached ${path}`},
		evidence: [path],
	}));
}

function leftOut(tree: Tree): Warning[] {
	const of = (why: string) => tree.notes.filter(note => note.why === why).map(note => note.path);
	const say = (paths: readonly string[], parts: Omit<Warning, 'severity' | 'evidence'>): Warning[] =>
		paths.length > 0 ? [{severity: 'careful', ...parts, evidence: paths.slice(0, 5)}] : [];
	return [
		...say(of('untracked'), {
			code: 'not-committed',
			what: `${list(of('untracked'))} ${of('untracked').length === 1 ? 'is' : 'are'} not committed.`,
			means: 'A clone on the box won’t have it, so it was not looked at.',
			next: 'Commit and push it, or leave it out on purpose.',
		}),
		...say(of('outside'), {
			code: 'link-outside',
			what: 'A link leads out of the repository.',
			means: 'It was not followed, and on the box it would lead to nothing.',
			next: 'Put the file itself into the repository.',
		}),
		...say(of('odd-name'), {
			code: 'odd-names',
			what: 'Some files have names with control characters.',
			means: 'They were left out: such names can stand for others on a screen.',
			next: 'Rename them, or leave them out on purpose.',
		}),
		...say(of('too-many'), {
			code: 'too-many-files',
			what: 'There are more files than are looked at.',
			means: 'Those deepest in the tree were left out.',
			next: 'Name the folder of the app, rather than the one above it.',
		}),
	];
}
