import type {Engine, Migration, MigrationFile, MigrationTool} from './operation.ts';
import {readAlembic} from './readers/alembic.ts';
import {djangoApps, fillDjango, readDjango} from './readers/django.ts';
import {readEcto} from './readers/ecto.ts';
import type {History} from './readers/history.ts';
import {readKnex, readTypeOrm} from './readers/knex.ts';
import {readPrisma, readSql} from './readers/sqlFiles.ts';

/** How a tool's migrations are read. */
export type Reader = {
	read(files: readonly MigrationFile[], engine: Engine): History;
	/** What they do, where that is only known once they are in their order. */
	fill(migrations: readonly Migration[], engine: Engine): readonly Migration[];
	/** The database keeps the newest one alone, not all that are applied. */
	readonly namesEnds: boolean;
	/** Whether a name in the database is one of a package's, which no repository has. */
	ofPackages(migrations: readonly Migration[]): (name: string) => boolean;
};

const plain = {
	fill: (migrations: readonly Migration[]) => migrations,
	namesEnds: false,
	ofPackages: () => () => false,
};

export const readers: Readonly<Record<MigrationTool, Reader>> = {
	alembic: {...plain, read: readAlembic, namesEnds: true},
	django: {
		read: readDjango,
		fill: fillDjango,
		namesEnds: false,
		ofPackages(migrations) {
			const apps = djangoApps(migrations);
			return name => !apps.has(name.slice(0, name.indexOf('.')));
		},
	},
	ecto: {...plain, read: readEcto},
	knex: {...plain, read: readKnex},
	typeorm: {...plain, read: readTypeOrm},
	prisma: {...plain, read: readPrisma},
	sql: {...plain, read: readSql},
};
