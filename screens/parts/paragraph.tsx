import {Text, useIsScreenReaderEnabled} from 'ink';
import {createContext, useContext} from 'react';
import stringWidth from 'string-width';
import {useTold} from './spoken.tsx';

/** The width that text has on this page, in cells. */
export const WidthContext = createContext(80);

/** A text in lines of at most `width` cells, broken between words; a word that is longer is left to itself. */
export function wrapWords(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const paragraph of text.split('\n')) {
		let line = '';
		for (const word of paragraph.split(/ +/)) {
			const longer = line === '' ? word : `${line} ${word}`;
			if (line !== '' && stringWidth(longer) > width) {
				lines.push(line);
				line = word;
			} else {
				line = longer;
			}
		}

		lines.push(line);
	}

	return lines;
}

type Props = {
	readonly children: string;
	readonly quiet?: boolean;
	/** Narrower than the page by so many cells. */
	readonly indent?: number;
	/** At most so many lines. */
	readonly most?: number;
};

/** Text for reading. */
export function Paragraph({children, quiet = false, indent = 0, most}: Props) {
	const lines = wrapWords(children, useContext(WidthContext) - indent);
	const listens = useIsScreenReaderEnabled();
	useTold(children);
	if (listens) return null;
	return <Text dimColor={quiet}>{lines.slice(0, most).join('\n')}</Text>;
}
