import {createContext, useContext} from 'react';

/** The marks of a terminal that has unicode, and of one that has not. Each also has a word, for those who listen. */
const unicode = {
	done: '✓',
	current: '●',
	todo: '○',
	attention: '!',
	failed: '✗',
	off: '–',
	pointer: '❯',
	checked: '◉',
	unchecked: '○',
	up: '↑',
	down: '↓',
	enter: '↵',
	/** Where a line ends, in a row that holds several: one letter. */
	lineEnd: '↵',
	arrows: '↑↓',
	sides: '←→',
	tab: '⇥',
	dot: '·',
	bullet: '•',
	line: '─',
	bar: '│',
	ellipsis: '…',
	minus: '−',
	spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ascii: typeof unicode = {
	done: '+',
	current: '*',
	todo: 'o',
	attention: '!',
	failed: 'x',
	off: '-',
	pointer: '>',
	checked: '[x]',
	unchecked: '[ ]',
	up: '^',
	down: 'v',
	enter: 'enter',
	lineEnd: '|',
	arrows: 'up/down',
	sides: 'left/right',
	tab: 'tab',
	dot: '-',
	bullet: '*',
	line: '-',
	bar: '|',
	ellipsis: '...',
	minus: '-',
	spinner: ['|', '/', '-', '\\'],
};

/** For those who listen: words, or nothing where a role or a state is spoken anyway. */
const spoken: typeof unicode = {
	...ascii,
	done: 'done:',
	current: 'now:',
	todo: 'to do:',
	failed: 'failed:',
	off: 'left out:',
	pointer: '',
	checked: '',
	unchecked: '',
	dot: ',',
	bar: '',
	enter: 'Enter',
	arrows: 'Up and Down',
	sides: 'Left and Right',
	tab: 'Tab',
	minus: 'minus ',
};

export type Marks = typeof unicode;

/** How the terminal wants to be written to. */
export type Theme = {
	readonly marks: Marks;
	readonly unicode: boolean;
	/** The one colour that leads the eye; undefined with NO_COLOR. */
	readonly accent?: string;
	/** Only for trouble and for lines that go. */
	readonly bad?: string;
	/** Only for lines that come. */
	readonly good?: string;
};

/**
 * From the environment: unicode where the locale says UTF-8 (or the system is Windows or macOS) and the terminal is not
 * the bare Linux console; colours unless NO_COLOR is set (no-color.org).
 */
export function themeOf(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): Theme {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	const wide = /utf-?8/i.test(locale) || (locale === '' && (platform === 'win32' || platform === 'darwin'));
	const capable = wide && environment.TERM !== 'linux' && environment.TERM !== 'dumb';
	const marks = environment.INK_SCREEN_READER === 'true' ? spoken : capable ? unicode : ascii;
	if (environment.NO_COLOR) return {marks, unicode: capable};
	return {marks, unicode: capable, accent: 'cyan', bad: 'red', good: 'green'};
}

export const ThemeContext = createContext<Theme>(themeOf({LANG: 'C.UTF-8'}, 'linux'));

export const useTheme = (): Theme => useContext(ThemeContext);
