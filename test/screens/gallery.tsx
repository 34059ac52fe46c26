/*
 * Shows the screens without a box, to be looked at: bundled and run by test/screens/terminal.test.tsx, or by hand
 *   npx esbuild test/screens/gallery.tsx --bundle --platform=node --format=esm --external:react-devtools-core
 * The first argument is a JSON of FakeOptions and `start`.
 */
import {showApp} from '../../screens/index.tsx';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard} from './fake/fake-wizard.ts';

const {start = {at: 'home'}, ...options}: FakeOptions & {start?: Start} = JSON.parse(process.argv[2] ?? '{}');
const ended = await showApp(fakeWizard({pace: 150, ...options}), start);
for (const line of ended.lines) console.log(line);
process.exitCode = ended.code;
