import {type Key, useInput, usePaste} from 'ink';
import {createContext, useContext, useEffect} from 'react';
import type {KeyHint} from './key-bar.tsx';

/** Whether this part of the screen is in front: not under help or the question whether to leave. */
export const FrontContext = createContext(true);

/** Keys, as long as nothing lies over this part of the screen. */
export function useKeys(handler: (input: string, key: Key) => void, active = true): void {
	useInput(handler, {isActive: useContext(FrontContext) && active});
}

/** Pasted text, likewise. */
export function usePasted(handler: (text: string) => void, active = true): void {
	usePaste(handler, {isActive: useContext(FrontContext) && active});
}

/** Told whether letters are text, and not keys. */
export const TypingContext = createContext<(typing: boolean) => void>(() => undefined);

/** Letters are text as long as this component is there, and a text is under the hands. */
export function useTyping(typing: boolean): void {
	const tell = useContext(TypingContext);
	useEffect(() => {
		tell(typing);
		return () => tell(false);
	}, [tell, typing]);
}

/** Something open within a screen, such as the line for a key to paste: it has keys of its own, and takes Escape first. */
export type Inner = {readonly hints: readonly KeyHint[]; readonly onBack: () => void};

/** Told what is open within a screen. */
export const InnerContext = createContext<(inner: Inner | undefined) => void>(() => undefined);

/** Keys of its own as long as this component is there. */
export function useInner(inner: Inner): void {
	const tell = useContext(InnerContext);
	// biome-ignore lint/correctness/useExhaustiveDependencies: told once, when the component appears
	useEffect(() => {
		tell(inner);
		return () => tell(undefined);
	}, [tell]);
}
