export {cleanup, render} from 'ink-testing-library';

/*
 * Its stdout has a width and no height. Ink would look for that at every frame, in the terminal that the tests were
 * started from or by two runs of `tput`, but for these.
 */
process.env.COLUMNS = '100';
process.env.LINES = '24';
