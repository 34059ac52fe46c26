import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {timed} from './measure.ts';

export type PackageSize = {
	/** Packages that an installation puts into node_modules, and their size in MB. */
	readonly count: number;
	readonly megabytes: number;
	/** The tarball, in MB. */
	readonly tarball: number;
};

/** Packs the program and installs the tarball into an empty folder, as `npx boxwizard` would: see `installedProgram`. */
export async function measurePackage(folder: string): Promise<PackageSize> {
	const empty = join(folder, 'installed');
	await mkdir(empty);
	writeFileSync(join(empty, 'package.json'), '{"private": true}');
	const root = join(import.meta.dirname, '..');
	const pack = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder, root] as const;
	const {stdout} = await timed({words: [...pack]});
	const [{filename = ''} = {}] = JSON.parse(stdout) as {filename?: string}[];
	const tarball = join(folder, filename);
	await timed({words: ['npm', 'install', '--prefix', empty, '--no-audit', '--no-fund', tarball]});
	const modules = join(empty, 'node_modules');
	const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {packages: object};
	const megabyte = 1_000_000;
	return {
		count: Object.keys(lock.packages).length,
		megabytes: bytesBelow(modules) / megabyte,
		tarball: statSync(tarball).size / megabyte,
	};
}

function bytesBelow(folder: string): number {
	const entries = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
