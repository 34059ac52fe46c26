import type {StaticFolder, Tree} from '../../../source/contract/detection.ts';
import {type Call, callsIn, textOf} from '../../reading/tokens.ts';
import {pathOf} from './paths.ts';
import {originOf, type PythonFile} from './project.ts';

/**
 * Folders that the code hands out under an address. Flask has static/ beside the module that makes it, unless told otherwise; Starlette and
 * what stands on it, and Litestar, only what they are given. What lies below the site's root alone is left to the app.
 * @param folder the app is started in: paths that are no file's neighbours begin there
 */
export function readStatics(tree: Tree, files: readonly PythonFile[], folder: string): StaticFolder[] {
	const found = files.flatMap(file =>
		file.statements.flatMap(({tokens}) =>
			callsIn(tokens).flatMap(
				call => ofFlask(call, file) ?? ofMount(call, file, folder) ?? ofLitestar(call, file, folder) ?? [],
			),
		),
	);
	const isThere = (path: string) => tree.paths.some(one => one.startsWith(`${path}/`));
	const first = new Map<string, StaticFolder>();
	for (const one of found) if (isThere(one.folder) && !first.has(one.url)) first.set(one.url, one);
	return [...first.values()];
}

function ofFlask(call: Call, file: PythonFile): StaticFolder[] | undefined {
	if (!/^(?:flask\.(?:app\.)?Flask|quart\.(?:app\.)?Quart|apiflask\.APIFlask)$/.test(originOf(file, call.name)))
		return undefined;
	const beside = file.path.split('/').slice(0, -1);
	const given = call.named.get('static_folder');
	const name = given === undefined ? 'static' : textOf(given);
	const folder = name === undefined ? pathOf(given ?? [], file, '') : below(beside, name);
	const path = call.named.get('static_url_path');
	const url = path === undefined ? `/${(name ?? 'static').split('/').at(-1)}` : textOf(path);
	return folder === undefined ? [] : placed(url, folder);
}

/** app.mount('/static', StaticFiles(directory='static')), and Mount(…) in a list of routes. */
function ofMount(call: Call, file: PythonFile, base: string): StaticFolder[] | undefined {
	if (!/(?:^|\.)(?:mount|Mount)$/.test(call.name)) return undefined;
	const served = [...call.positional.slice(1), call.named.get('app') ?? []]
		.flatMap(part => callsIn(part))
		.find(({name}) => /(?:^|\.)\w*StaticFiles$/.test(name));
	const directory = served && (served.named.get('directory') ?? served.positional[0]);
	const folder = directory && pathOf(directory, file, base);
	if (folder === undefined) return undefined;
	return placed(textOf(call.positional[0] ?? call.named.get('path')), inside(base, directory, folder));
}

/** StaticFilesConfig(path='/static', directories=['static']) */
function ofLitestar(call: Call, file: PythonFile, base: string): StaticFolder[] | undefined {
	if (!/(?:^|\.)(?:StaticFilesConfig|create_static_files_router)$/.test(call.name)) return undefined;
	const [first] = (call.named.get('directories') ?? []).length > 2 ? [call.named.get('directories')?.slice(1, -1)] : [];
	const folder = first && pathOf(first, file, base);
	return folder === undefined ? undefined : placed(textOf(call.named.get('path')), inside(base, first, folder));
}

/** A plain text is a path from the folder that the app is started in. */
function inside(base: string, tokens: Parameters<typeof textOf>[0], folder: string): string {
	return base !== '' && textOf(tokens) !== undefined ? `${base}/${folder}` : folder;
}

function placed(url: string | undefined, folder: string): StaticFolder[] {
	const plain = url?.replace(/^\/+|\/+$/g, '') ?? '';
	return plain === '' ? [] : [{url: `/${plain}/`, folder}];
}

function below(folder: readonly string[], path: string): string | undefined {
	const parts = [...folder];
	for (const part of path.split('/')) {
		if (part === '..' && parts.length === 0) return undefined;
		if (part === '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}

	return parts.length > 0 ? parts.join('/') : undefined;
}
