import {useEffect, useRef, useState} from 'react';
import {Secret} from '../../source/contract/secret.ts';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {LocalKey} from '../../source/contract/ui/wizard.ts';
import {pastedLines} from './edit.ts';
import {joined, useKeySource} from './key-source.ts';

/** Ways to a key that is not in the list. */
export const ways = [
	{mode: 'paste', title: 'Paste a public key', prompt: 'Public key'},
	{mode: 'github', title: 'Fetch from GitHub', prompt: 'GitHub user name'},
	{mode: 'make', title: 'Make a new key here', prompt: 'Passphrase (may be empty)'},
] as const;

export type Way = (typeof ways)[number];

export type KeysState = {
	/** Undefined while this machine is searched. */
	readonly keys: readonly LocalKey[] | undefined;
	readonly busy: string | undefined;
	readonly problem: string | undefined;
	toggle(key: LocalKey): void;
	paste(text: string): void;
	/** Takes what was typed for a way; resolves to whether it brought a key. */
	take(way: Way, text: string): Promise<boolean>;
};

/** The keys to choose from: those of this machine, and those that were pasted, fetched or made. */
export function useKeysState(chosen: readonly string[], onChange: (lines: readonly string[]) => void): KeysState {
	const source = useKeySource();
	const [keys, setKeys] = useState<readonly LocalKey[]>();
	const [busy, setBusy] = useState<string>();
	const [problem, setProblem] = useState<string>();
	const latest = useRef(chosen);
	latest.current = chosen;
	const choose = (lines: readonly string[]) => onChange([...new Set(lines)]);

	const add = (more: readonly LocalKey[]) => {
		setKeys(known => joined(known ?? [], more));
		choose([...latest.current, ...more.map(key => key.line)]);
		setProblem(undefined);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: searched once, when the field appears
	useEffect(() => {
		let gone = false;
		source.localKeys().then(
			found => {
				if (gone) return;
				const earlier = chosen.map(line => keyOf(source.readKey(line))).filter(key => key !== undefined);
				setKeys(known => joined(joined(found, earlier), known ?? []));
				const [only] = found;
				if (chosen.length === 0 && found.length === 1 && only) choose([only.line]);
			},
			(error: unknown) => {
				if (gone) return;
				setKeys([]);
				setProblem(asTrouble(error).what);
			},
		);
		return () => {
			gone = true;
		};
	}, []);

	const paste = (text: string) => {
		const read = source.readKey(pastedLines(text).trim());
		if ('key' in read) add([read.key]);
		else setProblem(read.problem);
		return 'key' in read;
	};
	const take = async (way: Way, text: string): Promise<boolean> => {
		if (way.mode === 'paste') return paste(text);
		setBusy(way.mode === 'github' ? `Asking GitHub for the keys of ${text}` : 'Making a key');
		try {
			add(way.mode === 'github' ? await source.githubKeys(text.trim()) : [await source.makeKey(new Secret(text))]);
			return true;
		} catch (error) {
			const trouble = asTrouble(error);
			setProblem(`${trouble.what} ${trouble.next}`);
			return false;
		} finally {
			setBusy(undefined);
		}
	};

	return {
		keys,
		busy,
		problem,
		toggle: key => choose(chosen.includes(key.line) ? chosen.filter(line => line !== key.line) : [...chosen, key.line]),
		paste,
		take,
	};
}

function keyOf(read: {key: LocalKey} | {problem: string}): LocalKey | undefined {
	// It may have been pasted, but then at another time.
	return 'key' in read ? {...read.key, where: 'chosen before'} : undefined;
}
