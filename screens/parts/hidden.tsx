import {Box} from 'ink';
import type {ReactNode} from 'react';

/** Keeps a screen alive, with all it knows, while another one lies over it. */
export function Hidden({when, children}: {when: boolean; children: ReactNode}) {
	return <Box display={when ? 'none' : 'flex'}>{children}</Box>;
}
