import {useEffect, useRef, useState} from 'react';
import type {Line} from '../../source/contract/diagnosis/cause.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import {
	type AppSummary,
	answerWords,
	type Diagnosis,
	type FixOffer,
	type ForegroundMode,
	type TroubleshootEvent,
	type TroubleshootReply,
	type TroubleshootSummary,
} from '../../source/contract/ui/troubleshooting.ts';
import {words} from '../../source/render/wording.ts';
import type {KeyHint} from '../parts/key-bar.tsx';

/** Troubleshooting as a person sees it. */
export type TroubleshootState = {
	readonly app?: AppSummary;
	/** What is going on, and since when (milliseconds); nothing while an answer is awaited. */
	readonly activity?: {readonly words: string; readonly since: number};
	readonly foreground?: {readonly mode: ForegroundMode; readonly port?: number; readonly window: number};
	/** Of this round and those before, the last ones. */
	readonly lines: readonly Line[];
	/** What the engine prints while a fix is at work; empty otherwise. */
	readonly work: readonly string[];
	readonly fixing?: string;
	/** Work of an earlier run is waited for. */
	readonly attached?: boolean;
	readonly diagnosis?: Diagnosis;
	readonly summary?: TroubleshootSummary;
};

export const noState: TroubleshootState = {lines: [], work: []};

const mostLines = 2000;

/** How it stands after an event. Pure. */
export function advance(state: TroubleshootState, event: TroubleshootEvent, now: number): TroubleshootState {
	const doing = (text: string): TroubleshootState => ({...state, activity: {words: text, since: now}});
	const heard = (line: Line): TroubleshootState => ({...state, lines: [...state.lines.slice(1 - mostLines), line]});
	switch (event.type) {
		case 'looking':
			return doing('Looking at the app');
		case 'app':
			return {...doing('Looking at the app'), app: event.app, attached: false};
		case 'foreground': {
			const {type: _, ...foreground} = event;
			return {...doing('Running it in the foreground'), foreground, work: [], fixing: undefined};
		}
		case 'line':
			return heard({from: event.from, text: event.text});
		case 'answer':
			return heard({from: 'box', text: answerWords(event.page, event.status)});
		case 'ended':
			return heard({from: 'box', text: event.words});
		case 'diagnosis': {
			const {type: _, ...diagnosis} = event;
			return {...state, activity: undefined, diagnosis, fixing: undefined};
		}
		case 'mending':
			return {...doing(event.title), fixing: event.title, diagnosis: undefined, work: []};
		case 'step': {
			const said = words(event.event);
			const line = event.event.type === 'output' ? event.event.line : undefined;
			if (line !== undefined) return {...state, work: [...state.work.slice(-200), line]};
			const attached = event.event.type === 'running' && event.event.attached;
			return said === undefined ? state : {...doing(said), attached};
		}
		case 'handing back':
			return doing(`Starting it anew under ${event.manager}`);
		case 'proving':
			return doing(`Looking at ${event.url} from here`);
		case 'reconnecting':
			return doing(`The connection was lost: trying again (${event.attempt})`);
		case 'done':
			return {...state, activity: undefined, summary: event.summary};
	}
}

/** The fixes of all findings, in their order, each once: the number of its key. */
export function offersOf(diagnosis: Partial<Pick<Diagnosis, 'findings'>> | undefined): FixOffer[] {
	const offers = diagnosis?.findings?.flatMap(({fixes}) => fixes) ?? [];
	return offers.filter(({id}, index) => offers.findIndex(other => other.id === id) === index).slice(0, 9);
}

/** The fixes stand numbered in the panel. */
export function fixKey({length}: readonly FixOffer[]): readonly KeyHint[] {
	return length === 0 ? [] : [[length > 1 ? `1-${length}` : '1', 'see the fix']];
}

type Source = () => AsyncGenerator<TroubleshootEvent, TroubleshootSummary, TroubleshootReply>;

/** Milliseconds in which what comes is gathered: an app that fails prints hundreds of lines at once. */
const frame = 40;

/** Goes through it once, and shows how it stands. */
export function useTroubleshoot(source: Source, onEnd: (summary: TroubleshootSummary) => void) {
	const [state, setTroubleshootEnd] = useState(noState);
	const [trouble, setTrouble] = useState<TroubleParts>();
	const answer = useRef<(reply: TroubleshootReply) => void>(undefined);
	// biome-ignore lint/correctness/useExhaustiveDependencies: one session for the life of the screen
	useEffect(() => {
		let latest = noState;
		let timer: NodeJS.Timeout | undefined;
		const flush = () => {
			clearTimeout(timer);
			timer = undefined;
			setTroubleshootEnd(latest);
		};
		const hear = (event: TroubleshootEvent) => {
			latest = advance(latest, event, Date.now());
			if (event.type === 'diagnosis' || event.type === 'done') flush();
			else timer ??= setTimeout(flush, frame);
		};
		const asked = () => new Promise<TroubleshootReply>(resolve => (answer.current = resolve));
		follow(source(), hear, asked).then(onEnd, (error: unknown) => setTrouble(asTrouble(error)));
		return () => clearTimeout(timer);
	}, []);
	const reply = (given: TroubleshootReply) => {
		setTroubleshootEnd(now => ({...now, diagnosis: undefined}));
		answer.current?.(given);
	};
	return {state, trouble, reply};
}

async function follow(
	events: ReturnType<Source>,
	hear: (event: TroubleshootEvent) => void,
	asked: () => Promise<TroubleshootReply>,
): Promise<TroubleshootSummary> {
	let reply: TroubleshootReply;
	for (;;) {
		const next = await events.next(reply);
		if (next.done) return next.value;
		hear(next.value);
		reply = next.value.type === 'diagnosis' ? await asked() : undefined;
	}
}
