/**
 * What is read of a repository, and what is found in it. Nothing of a repository runs: all of it is text, and hostile.
 * Imports nothing.
 */

/** What the reader left out of a tree, or could not take as it stands. */
export type TreeNote = {
	/** Relative to the tree, cleaned of control characters. */
	readonly path: string;
	readonly why: 'outside' | 'too-large' | 'odd-name' | 'too-many' | 'untracked';
};

/** How a file's bytes were text. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The files of a repository or of a part of it, by paths with `/`, and the text of those that are asked for. */
export type Tree = {
	/** What its folder or repository is called: 'microblog'. */
	readonly name: string;
	/** All regular files, sorted. */
	readonly paths: readonly string[];
	/** Whether a file of this path is there. */
	has(path: string): boolean;
	/** A file's text, without a byte order mark, lines ended by \n; undefined where there is none, or it is no text, or too large. */
	text(path: string): string | undefined;
	/** How that text was encoded. */
	encoding(path: string): Encoding | undefined;
	/** The tree that this one is a part of: a workspace keeps its lock file there. */
	readonly above?: Tree;
	/** The same files below one folder, by their paths there. */
	under(folder: string): Tree;
	readonly notes: readonly TreeNote[];
};

/** What boxwizard itself puts into a variable. */
export type Filling =
	| 'random'
	| 'database-url'
	| 'database-host'
	| 'database-port'
	| 'database-name'
	| 'database-user'
	| 'database-password'
	| 'database-engine'
	| 'database-word'
	| 'redis-url'
	| 'redis-host'
	| 'redis-port'
	| 'redis-database'
	| 'mail-server'
	| 'mail-port'
	| 'mail-user'
	| 'mail-password'
	| 'mail-tls'
	| 'mail-from'
	| 'search-url'
	| 'port'
	| 'host'
	| 'domain'
	| 'site-url'
	| 'mode'
	| 'entry';

/** An environment variable that the code reads, or that an example file names. */
export type DetectedVariable = {
	readonly name: string;
	/** Whether the app fails without it. */
	readonly required: boolean;
	/** Whether nobody may see its value. */
	readonly secret: boolean;
	/** What the code, or else the example, has where nothing is set. Never of a secret. */
	readonly default?: string;
	/** What boxwizard puts there; where it is absent, only the person knows the value. */
	readonly filledWith?: Filling;
	/** Where it is read: 'config.py:12'. */
	readonly where: string;
};

/** A program of the app beside its web server, or the web server itself. */
export type DetectedProcess = {
	readonly name: string;
	readonly role: 'web' | 'worker' | 'scheduler' | 'release';
	readonly command: string;
	readonly because: string;
};

/** A package of Debian and Ubuntu that a dependency needs. */
export type DetectedPackage = {
	readonly name: string;
	/** The dependency: 'psycopg2'. */
	readonly for: string;
	/** 'build': only while it is compiled. */
	readonly when: 'build' | 'run';
};

/** What mends a warning: an answer of the person's, or a change in their repository. */
export type Remedy =
	| {readonly type: 'answer'; readonly set: Readonly<Record<string, string>>}
	| {readonly type: 'write-file'; readonly path: string; readonly content: string}
	| {readonly type: 'change-line'; readonly path: string; readonly line: number; readonly to: string}
	| {readonly type: 'remove-line'; readonly path: string; readonly line: number}
	| {readonly type: 'command'; readonly command: string};

/** What will go wrong, or is worth a thought, before anything is touched. */
export type Warning = {
	/** A stable word for programs: 'no-dependency-file'. */
	readonly code: string;
	/** `fails`: the app can't be set up or won't work; `careful`: it will run, and may surprise. */
	readonly severity: 'fails' | 'careful';
	readonly what: string;
	readonly means: string;
	readonly next: string;
	readonly remedy?: Remedy;
	/** Lines that show it: 'requirements.txt:4  pywin32==306'. */
	readonly evidence?: readonly string[];
};

/** A question that the tree leaves open. */
export type OpenQuestion = {
	/** The answer's name in `DetectedAnswers`, or 'app' for which part of the repository is meant. */
	readonly about: string;
	readonly question: string;
	/** The first is taken where nobody answers. */
	readonly choices: readonly string[];
};

/** A folder whose files nginx can hand out by itself. */
export type StaticFolder = {readonly url: string; readonly folder: string};

/** What is known of an app by its tree. What could not be told is absent. */
export type DetectedAnswers = {
	/** 'Flask', 'Django', 'Next.js', 'Phoenix'. */
	readonly framework?: string;
	/** The version of the language that is asked for, as it stands there: '>=3.11', '22'. */
	readonly version?: string;
	/** The file and place that ask for it. */
	readonly versionFrom?: string;
	/** What installs its dependencies: 'uv', 'pip', 'npm', 'mix' … */
	readonly manager?: string;
	/** What it installs from: 'requirements/prod.txt', 'uv.lock'. */
	readonly dependencyFile?: string;
	/** Packages that must be there beside what the file names, so that it runs: 'setuptools<82'. */
	readonly extraPackages?: readonly string[];
	/** What a server loads: 'shop:create_app()', or the file that is run: 'server.js'. */
	readonly entry?: string;
	/** How it is served: 'wsgi', 'asgi', 'http' (it listens by itself), 'files'. */
	readonly interface?: 'wsgi' | 'asgi' | 'http' | 'files';
	/** The folder to start it in, relative to the app's: 'src'. */
	readonly workingFolder?: string;
	/** The module with Django's settings. */
	readonly settingsModule?: string;
	/** The FLASK_APP that `flask` commands need. */
	readonly flaskApp?: string;
	/** The command that starts its web server, where the repository says one. */
	readonly start?: string;
	/** The command that builds it, before it starts. */
	readonly build?: string;
	/** The command that brings its database to this version. */
	readonly migrate?: string;
	/** The command that a Procfile runs for each release. */
	readonly release?: string;
	readonly database?: 'postgresql' | 'mysql' | 'sqlite' | 'mongodb';
	/** The driver that the code loads: 'psycopg2', 'pg'. */
	readonly databaseDriver?: string;
	/** How its address has to begin: 'postgresql+asyncpg' for SQLAlchemy, 'postgresql' for who takes it to a driver itself. */
	readonly databaseScheme?: string;
	/** The variable that holds its address: 'DATABASE_URL'. */
	readonly databaseVariable?: string;
	readonly redis?: boolean;
	readonly search?: boolean;
	/** The queue of RQ. */
	readonly queue?: string;
	readonly statics?: readonly StaticFolder[];
	/** The folder of files that a build leaves, for a site of files. */
	readonly output?: string;
	/** Whether unknown addresses are its index.html's. */
	readonly singlePage?: boolean;
	/** Folders and files that must outlive a release: 'instance', 'app/static/uploads', 'app.db'. */
	readonly state?: readonly string[];
	/** Databases of SQLite at a place in the release that the code names: 'db.sqlite3'. */
	readonly databaseFiles?: readonly string[];
};

/** What one kind found in one folder of a tree. */
export type Detection = {
	/** 'python' */
	readonly kind: string;
	/** The app's folder in the tree: '' for its top. Set by the choice. */
	readonly folder: string;
	/** What it is, in a few words: 'Flask app'. */
	readonly title: string;
	/** How sure the kind is, 0 to 100: only compared with other kinds. */
	readonly confidence: number;
	/** Why: each a short sentence with its evidence. */
	readonly because: readonly string[];
	readonly answers: DetectedAnswers;
	readonly processes: readonly DetectedProcess[];
	readonly variables: readonly DetectedVariable[];
	readonly packages: readonly DetectedPackage[];
	readonly warnings: readonly Warning[];
	readonly questions: readonly OpenQuestion[];
};

/** Knows apps of one kind by their tree. A kind needs no steps to have one. */
export type Detector = {
	/** The kind's name: 'python'. */
	readonly kind: string;
	/** Files by which the folder of such an app is known: by their names alone. */
	readonly marks: RegExp;
	/** Undefined where the tree is of no such app. Pure. */
	readonly detect: (tree: Tree) => Detection | undefined;
};
