import type {Concern, Notice} from '../../../steps/schema/compare.ts';
import type {Judgement} from '../../../steps/schema/judge.ts';
import type {MigrationFile, MigrationTool} from '../../../steps/schema/operation.ts';

/** A migration of a case: what stands in its file, or the whole file. */
export type Written = {
	readonly after?: string | readonly string[];
	readonly up?: readonly string[];
	readonly down?: readonly string[];
	readonly change?: readonly string[];
	readonly operations?: readonly string[];
	readonly replaces?: readonly string[];
	readonly sql?: readonly string[];
	readonly file?: readonly string[];
};

const indented = (lines: readonly string[], by: string) => lines.map(line => by + line);

/** The file that a tool would have made of it. A name with a slash is a path. */
export function fileOf(tool: MigrationTool, name: string, written: Written): MigrationFile {
	if (written.file) return {path: name, text: written.file.join('\n')};
	const {up = [], down, change} = written;
	switch (tool) {
		case 'alembic': {
			const after = [written.after ?? []].flat();
			const before =
				after.length === 0
					? 'None'
					: after.length === 1
						? `'${after[0]}'`
						: `(${after.map(one => `'${one}'`).join(', ')})`;
			const body = (lines: readonly string[]) => indented(lines.length === 0 ? ['pass'] : lines, '    ');
			return {
				path: `migrations/versions/${name}_.py`,
				text: [
					`"""${name}\n\nRevision ID: ${name}\n"""`,
					'from alembic import op\nimport sqlalchemy as sa\n',
					`revision = '${name}'\ndown_revision = ${before}\nbranch_labels = None\ndepends_on = None\n`,
					'def upgrade():',
					...body(up),
					...(down ? ['', 'def downgrade():', ...body(down)] : []),
				].join('\n'),
			};
		}
		case 'django': {
			const [app = '', called = ''] = name.split('.');
			const pairs = (names: readonly string[]) => names.map(one => `('${one.replace('.', "', '")}')`).join(', ');
			return {
				path: `${app}/migrations/${called}.py`,
				text: [
					'from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):',
					...(written.replaces ? [`    replaces = [${pairs(written.replaces)}]`] : []),
					`    dependencies = [${pairs([written.after ?? []].flat())}]`,
					'    operations = [',
					...indented(written.operations ?? [], '        '),
					'    ]',
				].join('\n'),
			};
		}
		case 'ecto': {
			const def = (way: string, lines: readonly string[] | undefined) =>
				lines ? [`  def ${way} do`, ...indented(lines, '    '), '  end'] : [];
			return {
				path: `priv/repo/migrations/${name}.exs`,
				text: [
					'defmodule Blog.Repo.Migrations.One do',
					'  use Ecto.Migration',
					...def('change', change),
					...def('up', written.up),
					...def('down', down),
					'end',
				].join('\n'),
			};
		}
		case 'knex': {
			const way = (called: string, lines: readonly string[] | undefined) =>
				lines ? [`exports.${called} = async function (knex) {`, ...indented(lines, '  '), '};'] : [];
			return {path: `migrations/${name}.js`, text: [...way('up', up), ...way('down', down)].join('\n')};
		}
		case 'typeorm': {
			const way = (called: string, lines: readonly string[] = []) => [
				`  public async ${called}(queryRunner: QueryRunner): Promise<void> {`,
				...lines.map(line => `    await queryRunner.query(\`${line}\`);`),
				'  }',
			];
			return {
				path: `src/migrations/${name}.ts`,
				text: [
					`import {MigrationInterface, QueryRunner} from 'typeorm';\n`,
					'export class Next1700000000000 implements MigrationInterface {',
					`  name = 'Next1700000000000';`,
					...way('up', up),
					...way('down', down),
					'}',
				].join('\n'),
			};
		}
		case 'prisma':
			return {path: `prisma/migrations/${name}/migration.sql`, text: (written.sql ?? []).join('\n')};
		case 'sql':
			return {path: `migrations/${name}`, text: (written.sql ?? []).join('\n')};
		default:
			return tool satisfies never;
	}
}

const where = ({table, columns}: {readonly table?: string; readonly columns?: readonly string[]}) =>
	table === undefined ? '' : ` ${[table, ...(columns ? [columns.join('+')] : [])].join('.')}`;

export const lineOfConcern = (concern: Concern) =>
	`${concern.code}${where(concern)}${concern.to === undefined ? '' : ` -> ${concern.to}`}${concern.says === undefined ? '' : `: ${concern.says}`}`;

export const lineOfNotice = (notice: Notice) =>
	`${notice.code}${where(notice)}${notice.by === undefined ? '' : ` by ${notice.by}`}`;

/** What is taken back, a line each: 'b2 loses posts.slug'. */
export function linesOfDowngrade(judgement: Judgement): string[] | undefined {
	const downgrade =
		judgement.verdict === 'downgrade'
			? judgement.downgrade
			: judgement.verdict === 'dump'
				? judgement.lossy
				: undefined;
	return downgrade?.migrations.map(({id, loses, isUnread}) => {
		const lost = loses.map(
			({what, table, column}) => `${what} ${[table, ...(column === undefined ? [] : [column])].join('.')}`,
		);
		return `${id}${lost.length > 0 ? ` loses ${lost.join(', ')}` : ''}${isUnread ? ' unread' : ''}`;
	});
}
