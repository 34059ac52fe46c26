import './small-heap.ts';

export {cleanText} from '../remote/clean.ts';
export {type Inside, openBox, SshBox, type TransportOptions} from './box.ts';
export type {Interaction, TerminalShape} from './interactive.ts';
export {parseTarget, type Target} from './target.ts';
