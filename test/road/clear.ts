import {removePracticeBox} from '../../source/practice/index.ts';

// What a file of tests that was cut off has left would be in the way of the next.
await removePracticeBox('all');
