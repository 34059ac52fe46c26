import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type FileFact, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {appPort} from '../process/appPort.ts';
import {
	install,
	isInstalled,
	lastLines,
	type ProcessManager,
	type Program,
	type ProgramFacts,
	readProgram,
	uninstall,
} from '../process/manager.ts';
import {readMemory} from '../process/memory.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';

/** The app, served by gunicorn on the loopback. */
export const web = defineStep({
	id: 'process/web',
	title: 'App server',
	why: 'gunicorn runs the app in several workers, as its own user, on this box only. It is started at boot, and again whenever it dies.',
	needs: ['services/supervisor', 'app/switchRelease', 'app/migrations', 'app/translations'],
	options: z.object({
		app: options.app,
		domain: options.domain,
		supervisor: options.supervisor,
		flaskApp: flaskAppOption,
		appPort,
		workers: z.number().int().min(0).max(64).default(0).meta({
			title: 'Workers',
			description: 'How many requests are answered at once. 0: as many as processors and memory allow.',
			detail: true,
		}),
	}),
	async check($, {app, supervisor, flaskApp}) {
		const {environment} = pathsOf(app);
		const [found, size, settings, program] = await Promise.all([
			readFlaskApp($, app, flaskApp),
			Promise.all([$`nproc`, readMemory($)]),
			$.file(settingsPath(app)),
			readProgram($, supervisor, {
				name: app,
				app,
				pattern: 'gunicorn --config',
				files: [environment, settingsPath(app)],
				loader: 'venv/lib/python3*/site-packages/{gunicorn,python_dotenv}-*',
			}),
		]);
		const [cores, memory] = size;
		return {wsgi: found.wsgi, automatic: workersFor(Number(cores), memory), settings, program};
	},
	done: (facts, answers) =>
		fileIs(facts.settings, settingsOf(facts, answers)) &&
		isInstalled(facts.program, answers.supervisor, programOf(facts, answers)),
	apply($, facts, answers) {
		const changed = !fileIs(facts.settings, settingsOf(facts, answers));
		if (changed) $.file(settingsPath(answers.app), settingsOf(facts, answers));
		const running = changed && facts.program.running !== 'no' ? 'stale' : facts.program.running;
		install($, {...facts.program, running}, answers.supervisor, programOf(facts, answers));
	},
	undo($, _before, {app, supervisor}) {
		uninstall($, supervisor, app);
		$.restore(settingsPath(app));
	},
	async verify($, {app, supervisor, domain, appPort}) {
		await proveOwn($, app, appPort, supervisor);
		const answer = await $`for attempt in {1..200}; do
	code=$(curl --silent --noproxy '*' --output /dev/null --max-time 20 --write-out '%{http_code}' --header ${`Host: ${domain}`} --header 'X-Forwarded-Proto: https' ${`http://127.0.0.1:${appPort}/`})
	case $? in 0) break ;; 28) code=slow; break ;; esac
	sleep 0.1
done; echo "$code"`;
		if (/^[1-4]\d\d$/.test(answer)) return;
		throw notAnswering(answer, appPort, (await lastLines($, supervisor, app)).split('\n'));
	},
});

/** Whoever answers on the port is the app itself, and no other program that has taken it. @throws Trouble */
async function proveOwn($: Probe, app: string, port: number, supervisor: ProcessManager): Promise<void> {
	const owner = await $`for attempt in {1..200}; do
	pid=$(ss -Hltnp ${`sport = :${port}`} | sed -n 's/.*pid=\\([0-9]*\\).*/\\1/p' | head -n 1)
	[ -n "$pid" ] && break
	sleep 0.1
done; [ -z "$pid" ] || stat -c '%U' "/proc/$pid"; [ -z "$pid" ] || cat "/proc/$pid/comm"`;
	const [user = '', program = ''] = owner.split('\n');
	if (user === '' || user === app) return;
	throw new Trouble({
		what: `Port ${port} of the box is taken by ${program || 'another program'}, which runs as ${user}.`,
		means: `${app} can’t listen there: what answers is another program, and nginx would show its pages.`,
		next: 'Give the app another port (App port, in its details), or move that program to another one. Then try again.',
		evidence: (await lastLines($, supervisor, app)).split('\n'),
		code: 'port-taken',
	});
}

type Facts = {wsgi: string; automatic: number; settings: FileFact | null; program: ProgramFacts};
type Answers = {app: string; appPort: number; workers: number};

const settingsPath = (app: string) => `${pathsOf(app).shared}/gunicorn.conf.py`;

function programOf(facts: Facts, {app}: Answers): Program {
	const command = `${pathsOf(app).current}/venv/bin/python -m gunicorn --config ${settingsPath(app)} ${facts.wsgi}`;
	return {name: app, app, description: `${app}, served by gunicorn`, command, notifies: true, reloads: true};
}

function settingsOf(facts: Facts, {app, appPort, workers}: Answers): string {
	return [
		"# gunicorn's settings for this app (https://docs.gunicorn.org/en/stable/settings.html)",
		'from dotenv import load_dotenv',
		'',
		`load_dotenv('${pathsOf(app).environment}')`,
		// A reload goes into it anew: to the release that is the current one by then.
		`chdir = '${pathsOf(app).current}'`,
		`bind = '127.0.0.1:${appPort}'`,
		`workers = ${workers === 0 ? facts.automatic : workers}`,
		"worker_tmp_dir = '/dev/shm'",
		'',
	].join('\n');
}

/** gunicorn's own advice, (2 x cores) + 1, as far as memory goes: 120 MB each beside 300 MB for the rest. */
function workersFor(cores: number, megabytes: number): number {
	return Math.max(2, Math.min(2 * cores + 1, Math.floor((megabytes - 300) / 120), 17));
}

function notAnswering(answer: string, port: number, evidence: readonly string[]): Trouble {
	const silent = answer === '' || answer === '000';
	if (answer === 'slow') {
		return new Trouble({
			what: `The app takes the question for its first page on port ${port} of the box, and does not answer within 20 s.`,
			means: 'It waits for something: another service, a lock, or a page of its own that no worker is left to make.',
			next: 'Look in its code at what the first page asks for, or at its last lines below. Mend it, then try again.',
			evidence,
			code: 'app-slow',
		});
	}

	return new Trouble({
		what: silent
			? `The app does not answer on port ${port} of the box.`
			: `The app answers its first page with an error (${answer}).`,
		means: silent
			? 'It ended while it started, or it has not started within 20 s.'
			: 'It runs, but a page of it fails: its visitors would see “Internal Server Error”.',
		next: 'Read its last lines below: they name what is missing or wrong. Mend it in the app or in its settings, then try again.',
		evidence,
		code: silent ? 'app-silent' : 'app-error',
	});
}
