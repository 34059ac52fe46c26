import type {Engine, Migration, MigrationFile, Operation} from '../operation.ts';
import {type History, inLine, nameOf, readFiles} from './history.ts';
import {sqlOperations} from './sqlOperations.ts';

const noWayBack = 'it has no way back';

/** Prisma's: a folder each, with migration.sql in it, and no way back. */
export function readPrisma(files: readonly MigrationFile[], engine: Engine): History {
	return inLine(
		readFiles(
			files,
			path => /(?:^|\/)migrations\/[^/]+\/migration\.sql$/.test(path),
			(path, text) => ({
				...migrationOf(path.split('/').at(-2) ?? path, path),
				up: sqlOperations(text, engine),
				down: 'Prisma’s migrations have no way back',
			}),
		),
		false,
	);
}

/**
 * Files of SQL: one with both ways apart by comments (dbmate's `-- migrate:up`, goose's `-- +goose Up`, sql-migrate's `-- +migrate Up`),
 * a pair (golang-migrate's NAME.up.sql and NAME.down.sql, Flyway's V1__ and U1__), or one alone (Drizzle's).
 */
export function readSql(files: readonly MigrationFile[], engine: Engine): History {
	const downs = new Map(files.flatMap(({path, text}) => (isDown(path) ? [[pairOf(path), text] as const] : [])));
	return inLine(
		readFiles(
			files,
			path => path.endsWith('.sql') && !isDown(path),
			(path, text) => {
				const id = nameOf(path).replace(/(?:\.up)?\.sql$/, '');
				const {up, down} = sections(text);
				const beside = downs.get(pairOf(path));
				return {
					...migrationOf(id, path),
					up: sqlOperations(up, engine),
					down: wayBack(down ?? beside, engine),
				};
			},
		),
	);
}

const migrationOf = (id: string, file: string): Pick<Migration, 'id' | 'file' | 'after' | 'replaces'> => ({
	id,
	file,
	after: [],
	replaces: [],
});

const isDown = (path: string) => /\.down\.sql$|(?:^|\/)U\d[\w.]*__[^/]*\.sql$/.test(path);
const pairOf = (path: string) =>
	path.replace(/\.(?:up|down)\.sql$/, '').replace(/(^|\/)[VU](\d[\w.]*?__)[^/]*$/, '$1$2');

function wayBack(text: string | undefined, engine: Engine): readonly Operation[] | string {
	if (text === undefined) return noWayBack;
	const operations = sqlOperations(text, engine);
	return operations.length === 0 ? noWayBack : operations;
}

const mark = /^\s*--\s*(?:migrate:|\+goose\s+|\+migrate\s+)(?<way>\w+)/i;

/** What stands under each mark; all of it is the way there where there is none. */
function sections(text: string): {readonly up: string; readonly down?: string} {
	const parts: Record<string, string[]> = {};
	let way = 'up';
	for (const line of text.split('\n')) {
		const found = mark.exec(line)?.groups?.way?.toLowerCase();
		if (found === 'up' || found === 'down') {
			way = found;
			parts[way] ??= [];
		} else {
			parts[way] ??= [];
			parts[way]?.push(line);
		}
	}

	return {up: (parts.up ?? []).join('\n'), ...(parts.down && {down: parts.down.join('\n')})};
}
