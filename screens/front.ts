import {type Key, useInput, usePaste} from 'ink';
import {createContext, useContext, useEffect} from 'react';

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

/** Letters are text as long as this component is there. */
export function useTyping(): void {
	const tell = useContext(TypingContext);
	useEffect(() => {
		tell(true);
		return () => tell(false);
	}, [tell]);
}
