import {Text, useAnimation, useIsScreenReaderEnabled} from 'ink';
import type {ReactNode} from 'react';
import {duration} from '../../source/render/wording.ts';
import {useTheme} from './theme.ts';

/** What leads the eye: where one is, which key does what. */
export function Accent({children, bold = false}: {children: ReactNode; bold?: boolean}) {
	return (
		<Text color={useTheme().accent} bold={bold}>
			{children}
		</Text>
	);
}

/** What is there for those who look for it. */
export function Quiet({children}: {children: ReactNode}) {
	return <Text dimColor>{children}</Text>;
}

/** What went wrong; the words say so too. */
export function Bad({children, bold = false}: {children: ReactNode; bold?: boolean}) {
	return (
		<Text color={useTheme().bad} bold={bold}>
			{children}
		</Text>
	);
}

/** Something moves, so that nobody has to wonder. */
export function Spinner() {
	const {marks} = useTheme();
	const silent = useIsScreenReaderEnabled();
	const {frame} = useAnimation({interval: 80, isActive: !silent});
	if (silent) return null;
	return <Accent>{marks.spinner[frame % marks.spinner.length]}</Accent>;
}

/** The time since a moment (milliseconds), counted on every second. */
export function Elapsed({since}: {since: number}) {
	const silent = useIsScreenReaderEnabled();
	useAnimation({interval: 500, isActive: !silent});
	return silent ? null : <Quiet>{duration((Date.now() - since) / 1000)}</Quiet>;
}
