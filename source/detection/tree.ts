import type {Tree, TreeNote} from '../contract/detection.ts';
import {decode, isMachineMade, readLimit} from './decode.ts';

/** More files than this are not looked at: the first ones by depth, then by name, stand for all. */
export const mostFiles = 100_000;
/** All texts of one tree together; what comes later counts as too large. */
const mostCharacters = 60_000_000;

type Read = (path: string) => Uint8Array | undefined;

/** Makes a tree of paths and of what reads a file's bytes (undefined where it can't be read). Each file is read once. */
export function treeOf(name: string, paths: readonly string[], read: Read, notes: readonly TreeNote[] = []): Tree {
	const known = new Set(paths);
	const texts = new Map<string, ReturnType<typeof decode>>();
	let characters = 0;
	const open = (path: string) => {
		if (!known.has(path)) return undefined;
		if (texts.has(path)) return texts.get(path);
		const bytes = characters > mostCharacters ? undefined : read(path);
		const text = bytes && bytes.length <= readLimit(path) ? decode(bytes) : undefined;
		const decoded = text && !isMachineMade(path, text.text) ? text : undefined;
		characters += decoded?.text.length ?? 0;
		texts.set(path, decoded);
		return decoded;
	};
	return {
		name,
		paths: [...known].sort(),
		has: path => known.has(path),
		text: path => open(path)?.text,
		encoding: path => open(path)?.encoding,
		under(folder) {
			return folder === '' ? this : partOf(this, folder);
		},
		notes,
	};
}

/** A tree from texts alone. */
export function treeOfTexts(name: string, files: Readonly<Record<string, string | Uint8Array>>): Tree {
	return treeOf(name, Object.keys(files), path => {
		const content = files[path];
		return typeof content === 'string' ? new TextEncoder().encode(content) : content;
	});
}

function partOf(tree: Tree, folder: string): Tree {
	const prefix = `${folder}/`;
	const below = <Item extends {readonly path: string}>(items: readonly Item[]) =>
		items.filter(({path}) => path.startsWith(prefix)).map(item => ({...item, path: item.path.slice(prefix.length)}));
	return {
		name: folder.split('/').at(-1) ?? tree.name,
		paths: tree.paths.filter(path => path.startsWith(prefix)).map(path => path.slice(prefix.length)),
		has: path => tree.has(prefix + path),
		text: path => tree.text(prefix + path),
		encoding: path => tree.encoding(prefix + path),
		above: tree,
		under: inner => (inner === '' ? partOf(tree, folder) : tree.under(prefix + inner)),
		notes: below(tree.notes),
	};
}

/** A name that could drive a terminal, or stand for two: such files are left out, and told of by their cleaned names. */
export function isOddName(path: string): boolean {
	return /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/.test(path);
}

export function cleanName(path: string): string {
	return path.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/g, '\ufffd');
}
