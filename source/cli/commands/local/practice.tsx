import {didYouMean} from '../../../answers/nearest.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {
	chooseEngine,
	engineNamed,
	engineNames,
	type PracticeBox,
	type PracticeEngine,
	releases,
	vagrantfile,
} from '../../../practice/index.ts';
import {withFoundApp} from '../../detection/with-found-app.ts';
import {type BoxFlags, type FromFlags, fromFlags} from '../../given/from-flags.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {isTerminal, mannerOf, needsYes, note, print} from '../../terminal/output.ts';
import {tell} from '../../terminal/practice-events.ts';
import {interruptible} from '../../terminal/run-in-lines.ts';
import {meansOfBox} from '../../wizard/practice-answers.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {setUpInLines} from '../box/setup.tsx';
import {forget, start} from './practice-boxes.ts';

export type PracticeFlags = Pick<BoxFlags, 'plain' | 'json' | 'yes' | 'verbose'> & {
	readonly keep?: boolean;
	readonly release?: string;
	readonly engine?: string;
	readonly vagrantfile?: boolean;
	readonly certificateDays?: number;
};

/** Boots a throw-away box and sets it up; removes it at the end, unless it is to be kept. */
export async function practice(name: string, flags: PracticeFlags): Promise<void> {
	const release = oneOf('release', flags.release ?? 'bookworm', releases);
	if (flags.vagrantfile) return print(vagrantfile({name, release}));
	const engine = await readyEngine(flags);
	const request = await fromFlags(flags);
	const say = flags.json ? () => undefined : note;
	let starting: Promise<PracticeBox> | undefined;
	// Tried again after a connection that failed, it is the box that was started first.
	const started = async (progress: (line: string) => void): Promise<PracticeBox> => {
		const {keep = false, certificateDays} = flags;
		const days = certificateDays === undefined ? {} : {certificateDays};
		starting ??= start({name, release, engine: engine.name, keep, ...days}, tell(progress));
		return await starting.catch(error => {
			starting = undefined;
			throw error;
		});
	};
	const cleanUp = async () => {
		// Whoever leaves while it boots leaves nothing behind.
		const box = await starting?.catch(() => undefined);
		if (box && !flags.keep) await takeAway(box, say);
	};

	try {
		if (mannerOf(flags) === 'screens') await inScreens(request, !flags.keep, started);
		else await inLines(name, flags, request, await started(say), cleanUp);
		const box = await starting;
		if (box && flags.keep) for (const line of howToOpen(box)) note(line);
	} finally {
		await cleanUp();
	}
}

/** The box is started on a screen of its own, with movement and the time it takes. */
async function inScreens(
	request: FromFlags,
	passing: boolean,
	started: (progress: (line: string) => void) => Promise<PracticeBox>,
) {
	const {showScreens} = await import('../../terminal/screens.tsx');
	const practice = async (progress: (line: string) => void) => await meansOfBox(await started(progress), passing);
	await showScreens(createWizard({...request, practice}), {at: 'practice'});
}

async function inLines(
	name: string,
	flags: PracticeFlags,
	request: FromFlags,
	box: PracticeBox,
	cleanUp: () => Promise<void>,
) {
	const start = await meansOfBox(box);
	const whole = await withFoundApp({...request, ...start}, undefined, flags);
	const wizard = createWizard(whole);
	// A box that is kept stands there still; else the road begins on a new one.
	const resume = flags.keep ? `boxwizard setup ${box.address}` : `boxwizard practice ${name}`;
	const task = async () => void (await setUpInLines(wizard, start.target, flags, whole, resume));
	await interruptible(wizard, resume, task, cleanUp);
}

/** The engine, with its packages installed, after asking. @throws Trouble where none works */
async function readyEngine(flags: PracticeFlags): Promise<PracticeEngine> {
	const engine =
		flags.engine === undefined ? await chooseEngine() : engineNamed(oneOf('engine', flags.engine, engineNames));
	const missing = await engine.missingPackages();
	if (missing.length === 0) return engine;
	const question = `A practice box needs these packages on this machine: ${missing.join(', ')}.`;
	if (!flags.yes && !isTerminal()) throw needsYes(question, 'boxwizard practice');
	if (!flags.yes && !(await confirm(`${question} Install them?`))) {
		throw new Trouble({
			what: 'Without them there is no practice box.',
			means: 'Nothing was installed.',
			next: 'Use Docker or Podman (--engine), or a virtual machine: boxwizard practice --vagrantfile > Vagrantfile',
			code: 'practice-packages',
		});
	}

	await engine.installPackages(tell(note));
	return engine;
}

async function takeAway(box: PracticeBox, say: (line: string) => void): Promise<void> {
	say(`Removing ${box.name}. (--keep leaves it running.)`);
	await box.stop();
	forget(box.name);
}

function howToOpen(box: PracticeBox): string[] {
	return [
		'',
		`The box ${box.name} runs on, at ${box.address}. Its site, from this machine:`,
		`  curl --resolve ${box.domain}:443:${box.address} --cacert ${box.acmeCa} https://${box.domain}/`,
		`Look at it with: boxwizard check ${box.address}`,
		`Remove it with:  boxwizard practice rm ${box.name}`,
	];
}

function oneOf<Name extends string>(what: string, name: string, names: readonly Name[]): Name {
	const found = names.find(candidate => candidate === name);
	if (found !== undefined) return found;
	throw new Trouble({
		what: `There is no ${what} “${name}” for practice boxes.`,
		means: 'Nothing was started.',
		next: didYouMean(name, names),
		code: `practice-${what}`,
	});
}
