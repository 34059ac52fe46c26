import type {DetectedProcess, Tree} from '../../../source/contract/detection.ts';
import {developmentServer, statedProcesses} from '../../reading/commands.ts';
import type {NodeManager, Package} from './package.ts';

export function processesOf(tree: Tree, {scripts, dependencies}: Package, manager: NodeManager): DetectedProcess[] {
	const stated = statedProcesses(tree);
	if (stated.some(({role}) => role === 'worker')) return stated;
	const script = Object.keys(scripts).find(
		name =>
			/^(?:start:)?(?:worker|workers|queue|jobs|consumer)(?::(?:start|prod))?$/.test(name) &&
			!developmentServer(scripts[name] ?? ''),
	);
	const usesQueue = ['bull', 'bullmq', 'bee-queue', 'agenda', 'pg-boss', 'graphile-worker'].some(
		name => name in dependencies,
	);
	return script
		? [
				...stated,
				{
					name: 'worker',
					role: 'worker',
					command: manager === 'npm' ? `npm run ${script}` : `${manager} run ${script}`,
					because: `package.json has the script ${script}${usesQueue ? ', and a queue among its dependencies' : ''}`,
				},
			]
		: stated;
}

/** What brings the database up to date: a script made for it, else the tool's own command. */
export function migrationsOf(
	tree: Tree,
	{scripts, dependencies, development}: Package,
	manager: NodeManager,
): string | undefined {
	const all = {...dependencies, ...development};
	const script = [
		'db:migrate:deploy',
		'migrate:deploy',
		'prisma:deploy',
		'db:deploy',
		'migrate:prod',
		'db:migrate:prod',
		'migration:run',
		'migrate:latest',
		'db:migrate',
		'migrate',
		'migrate:up',
	].find(name => scripts[name] && !/\bmigrate dev\b|generate\b/.test(scripts[name] ?? ''));
	if (script) return manager === 'npm' ? `npm run ${script}` : `${manager} run ${script}`;
	const schema = tree.paths.find(path => path.endsWith('schema.prisma'));
	if (schema && ('prisma' in all || '@prisma/client' in all)) {
		const hasMigrations = tree.paths.some(path => /(?:^|\/)migrations\/.*\.sql$/.test(path));
		const flag = schema === 'prisma/schema.prisma' || schema === 'schema.prisma' ? '' : ` --schema ${schema}`;
		return hasMigrations ? `npx prisma migrate deploy${flag}` : `npx prisma db push${flag}`;
	}

	if (tree.paths.some(path => /^drizzle\.config\./.test(path))) return 'npx drizzle-kit migrate';
	if (tree.paths.some(path => /^knexfile\./.test(path))) return 'npx knex migrate:latest';
	if (
		tree.has('.sequelizerc') ||
		('sequelize-cli' in all && tree.paths.some(path => /(?:^|\/)migrations\//.test(path)))
	)
		return 'npx sequelize-cli db:migrate';
	const source = tree.paths.find(path =>
		/(?:^|\/)(?:data-source|ormconfig|typeorm\.config|datasource)\.[jt]s$/.test(path),
	);
	if ('typeorm' in all && source && tree.paths.some(path => /(?:^|\/)migrations?\//.test(path)))
		return `npx typeorm migration:run -d ${source}`;
	if ('@mikro-orm/migrations' in all) return 'npx mikro-orm migration:up';
	if ('node-pg-migrate' in all) return 'npx node-pg-migrate up';
	if ('migrate-mongo' in all) return 'npx migrate-mongo up';
	return '@adonisjs/lucid' in all ? 'node ace migration:run --force' : undefined;
}
