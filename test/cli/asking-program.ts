/** Asks on the terminal that it is started in, and says what it heard: a program of test/cli/asking.test.ts. */
import {askHidden, confirm, typeName} from '../../source/cli/terminal/ask-terminal.ts';

console.log(`heard ${await confirm('Write it?')}`);
console.log(`heard ${await typeName('Forget it?', 'blog')}`);
console.log(`heard ${(await askHidden('Password: ')).reveal().length} letters`);
