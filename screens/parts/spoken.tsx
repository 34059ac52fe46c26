import {Static, Text, useIsScreenReaderEnabled} from 'ink';
import {createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState} from 'react';

/** In the order in which they are said when they come together. */
const ranks = ['place', 'title', 'text', 'keys'] as const;

export type Rank = (typeof ranks)[number];

const TellContext = createContext<(text: string, rank: Rank) => void>(() => undefined);

/**
 * Says a text once, when it appears and when it changes, to those who listen. What is drawn is drawn anew, and read anew,
 * with every key and every event: so little of a screen is left to that.
 */
export function useTold(text: string | undefined, rank: Rank = 'text'): void {
	const tell = useContext(TellContext);
	const listens = useIsScreenReaderEnabled();
	useEffect(() => {
		if (listens && text) tell(text, rank);
	}, [tell, listens, text, rank]);
}

/** Where what is said once stays: above all that changes. */
export function Spoken({children}: {children: ReactNode}) {
	const [told, setTold] = useState<string[]>([]);
	const coming = useRef<{text: string; rank: Rank}[]>([]);
	const tell = useCallback((text: string, rank: Rank) => {
		coming.current.push({text, rank});
		if (coming.current.length > 1) return;
		// A screen's parts tell theirs from the inmost on, before this.
		queueMicrotask(() => {
			const lines = ranks.flatMap(one => coming.current.filter(({rank}) => rank === one)).map(({text}) => text);
			coming.current = [];
			setTold(known => [...known, ...lines]);
		});
	}, []);
	return (
		<TellContext value={tell}>
			<Static items={told}>{(line, index) => <Text key={index}>{line}</Text>}</Static>
			{children}
		</TellContext>
	);
}

/** A text for those who listen alone, where it is one of many that change each for itself. */
export function Told({text}: {text: string}) {
	useTold(text);
	return null;
}
