import type {ColumnType} from './columnType.ts';

/** What an app's migrations are written with. Flask-Migrate's are alembic's; Drizzle's, dbmate's and goose's are SQL. */
export type MigrationTool = 'alembic' | 'django' | 'ecto' | 'knex' | 'typeorm' | 'prisma' | 'sql';

export type Engine = 'mysql' | 'postgresql' | 'sqlite';

/** A file of a release, by its path there. Its text is undefined where it is no text, or too large to be read. */
export type MigrationFile = {readonly path: string; readonly text: string | undefined};

/** A column as a migration makes it. */
export type Column = {
	readonly name: string;
	readonly type?: ColumnType;
	readonly nullable: boolean;
	/** What the database itself puts there where an INSERT names no value, as it is written; absent where it puts NULL. */
	readonly default?: string;
};

export type ConstraintKind = 'unique' | 'check' | 'foreign-key' | 'primary-key' | 'exclude';

export type Constraint = {
	readonly kind: ConstraintKind;
	readonly name?: string;
	/** Absent where it is an expression. */
	readonly columns?: readonly string[];
	/** Of a foreign key: the table that it points to, and whether a row there can be deleted all the same. */
	readonly references?: string;
	readonly letsGo?: boolean;
};

/** What a migration does to the database, whatever it is written with. Names are as the database has them. */
export type Operation =
	| {
			readonly do: 'create-table';
			readonly table: string;
			readonly columns: readonly Column[];
			readonly constraints: readonly Constraint[];
			readonly ifMissing?: boolean;
	  }
	| {readonly do: 'drop-table'; readonly table: string}
	| {readonly do: 'rename-table'; readonly table: string; readonly to: string}
	| {readonly do: 'add-column'; readonly table: string; readonly column: Column}
	| {readonly do: 'drop-column'; readonly table: string; readonly column: string}
	| {readonly do: 'rename-column'; readonly table: string; readonly column: string; readonly to: string}
	| AlterColumn
	| {readonly do: 'add-constraint'; readonly table: string; readonly constraint: Constraint}
	| {
			readonly do: 'drop-constraint';
			/** Absent where only its name is said. */
			readonly table?: string;
			readonly name?: string;
			readonly kind?: ConstraintKind;
			readonly columns?: readonly string[];
	  }
	/** Rows of one table go into another: how SQLite's tables are remade. Columns are pairs: there, here. */
	| {
			readonly do: 'copy-rows';
			readonly from: string;
			readonly table: string;
			readonly columns: readonly (readonly [to: string, from: string])[];
	  }
	/** Rows that are changed, brought or taken away. Columns are absent where they can't be known. */
	| {
			readonly do: 'data';
			readonly how: 'insert' | 'update' | 'delete';
			readonly table: string;
			readonly columns?: readonly string[];
	  }
	/** An enumeration gets a value that older code does not know. */
	| {readonly do: 'add-value'; readonly type: string; readonly value: string}
	/** What it does can't be read; `says` is what it says, for a person. */
	| {readonly do: 'unread'; readonly says: string};

export type AlterColumn = {
	readonly do: 'alter-column';
	readonly table: string;
	readonly column: string;
	readonly type?: ColumnType;
	/** Values are worked out anew, by an expression. */
	readonly converts?: boolean;
	readonly nullable?: boolean;
	/** null takes it away. */
	readonly default?: string | null;
	/** What the migration itself says of the column before it. */
	readonly before?: {readonly type?: ColumnType; readonly nullable?: boolean};
};

/** One migration. */
export type Migration = {
	/** Unique in its history: alembic's revision, 'app.0001_initial' of Django's, a version, the name of a file or folder. */
	readonly id: string;
	readonly file: string;
	/** Ids of those that come before it. */
	readonly after: readonly string[];
	/** Ids of those that it stands for. */
	readonly replaces: readonly string[];
	readonly up: readonly Operation[];
	/** Its file, where what it does depends on those before it. */
	readonly text?: string;
	/** What takes it back; a text says why nothing does. */
	readonly down: readonly Operation[] | string;
};

/** A migration's own words, short enough to be shown, without control characters. */
export function unread(says: string): Operation {
	return {do: 'unread', says: shown(says)};
}

/** A text of a repository on one line of at most 80 letters. */
export function shown(text: string): string {
	const line = text
		.slice(0, 400)
		.replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
		.trim();
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
