/*
 * The real screens over the real transport, against the server of test/transport/hostile-server.ts: bundled and run by
 * test/screens/hostile-screens.test.ts. The first argument is its port, the second a known_hosts file.
 */
import {showApp} from '../../screens/index.tsx';
import {report} from '../../source/cli/terminal/output.ts';
import type {Outside} from '../../source/contract/outside.ts';
import type {Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {survey} from '../../source/remote/survey.ts';
import {renderJson} from '../../source/render/json.ts';
import {renderPlain} from '../../source/render/plain.ts';
import {openBox, type SshBox} from '../../source/transport/index.ts';
import {fakeWizard, flask} from './fake/fake-wizard.ts';

const [, , port = '', knownHosts = '', manner = 'screens'] = process.argv;
/** All that could drive a terminal, in every text of what is found. */
const attack = '\u001b]0;shown\u0007\u001b[?1000h\u009b3J\u202e';
const found: Partial<FoundApp> = {
	name: attack,
	notes: [attack],
	app: {
		...flask,
		title: attack,
		because: [attack, attack],
		variables: [{name: attack, required: true, secret: true, where: attack, filledWith: 'random'}],
		warnings: [{code: 'x', severity: 'careful', what: attack, means: attack, next: attack}],
	},
	questions: [{about: 'entry', question: attack, choices: [attack, attack]}],
};
const fake = fakeWizard({pace: 1, likely: 'https://git.example.com/x.git', found});
const step = 'system/upgrade';
let box: SshBox | undefined;
const opened = (): SshBox => {
	if (!box) throw new TypeError('No box is open');
	return box;
};

const open: Wizard['open'] = async (target, ask, progress) => {
	box = await openBox({host: '127.0.0.1', port: Number(port), user: 'root'}, ask, {
		outside: () => ({}) as Outside,
		knownHosts,
	});
	progress('Looking at the box');
	const seen = await survey(opened());
	const before = await fake.open(target, ask, progress);
	return {...before, kind: 'python', survey: {...seen, os: {...seen.os, supported: true}}};
};

/** A run of one step, whose log is whatever the box says. */
async function* run(): AsyncGenerator<Event, Summary, Reply> {
	const id = step;
	yield {type: 'planned', name: 'Flask app', steps: [{id, title: 'Upgrades', why: 'For a test.'}]};
	yield {type: 'running', step: id, job: 'job', attached: false};
	for await (const line of opened().follow('log')) yield {type: 'output', step: id, line};
	const {stdout} = await opened().run('error');
	const trouble = {what: stdout, means: stdout, next: stdout, evidence: stdout.split('\n')};
	yield {type: 'failed', step: id, trouble, actions: ['retry', 'quit']};
	return {changed: [], inPlace: [], skipped: [], failed: [id], seconds: 1};
}

if (manner === 'screens') {
	const ended = await showApp(
		{
			...fake,
			open,
			// Nothing is asked on the way from what was found to the run.
			steps: (...given) => fake.steps(...given).filter(({summary}) => summary.id === step),
			validate: () => [],
			run,
			leave: async () => box?.close(),
		},
		{at: 'box', target: 'root@127.0.0.1'},
	);
	for (const line of ended.lines) console.log(line);
} else {
	try {
		await open('', (async () => true) as never, line => console.log(line));
		const print = (line: string) => process.stdout.write(`${line}\n`);
		await (manner === 'json' ? renderJson(run(), print) : renderPlain(run(), print, {verbose: true}));
		await opened().run('end');
	} catch (error) {
		report(error, manner === 'json');
	} finally {
		await box?.close();
	}
}
