import {createContext, useContext} from 'react';
import type {LocalKey, Wizard} from '../../source/contract/ui/wizard.ts';

/** What fields may ask of the wizard. */
export type KeySource = Pick<Wizard, 'localKeys' | 'makeKey' | 'githubKeys' | 'readKey'>;

export const KeySourceContext = createContext<KeySource | undefined>(undefined);

export function useKeySource(): KeySource {
	const source = useContext(KeySourceContext);
	if (source === undefined) throw new Error('A field of keys stands outside of the app');
	return source;
}

/** Adds keys to a list, equal ones once. */
export function joined(keys: readonly LocalKey[], more: readonly LocalKey[]): readonly LocalKey[] {
	const known = new Set(keys.map(key => key.line));
	return [...keys, ...more.filter(key => !known.has(key.line))];
}
