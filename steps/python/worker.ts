import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {readRedisPassword} from '../options/redisPassword.ts';
import {options} from '../options/shared.ts';
import {install, isInstalled, lastLines, readProgram, uninstall} from '../process/processManager.ts';
import {longestJob, type ProcessManager, type Program} from '../process/program.ts';
import {workerOf} from '../process/programs.ts';

/** The worker that does the app's background jobs. */
export const worker = defineStep({
	id: 'process/worker',
	title: 'Background jobs',
	why: 'Redis holds the jobs that the app leaves for later, and an RQ worker does them. Without it they wait forever.',
	needs: ['services/redis', 'services/supervisor', 'app/switchRelease'],
	options: z.object({
		app: options.app,
		queue: options.queue,
		supervisor: options.supervisor,
		redisDatabase: options.redisDatabase,
	}),
	wanted: ({queue}) => queue !== '',
	clears: true,
	async check($, {app, supervisor}) {
		const {processEnvironment} = pathsOf(app);
		const [settings, program] = await Promise.all([
			$.file(settingsPath(app)),
			readProgram($, supervisor, {
				name: workerOf(app),
				app,
				files: [processEnvironment, settingsPath(app)],
			}),
		]);
		return {settings, program};
	},
	done: (facts, answers) =>
		answers.queue === ''
			? facts.program.file === null && !facts.program.other
			: fileIs(facts.settings, settingsOf(answers)) &&
				isInstalled(facts.program, answers.supervisor, programOf(answers)),
	apply($, facts, answers) {
		if (answers.queue === '') {
			takeAway($, answers, facts.program.other ? ['supervisor', 'systemd'] : [answers.supervisor]);
			return;
		}

		const changed = !fileIs(facts.settings, settingsOf(answers));
		if (changed) $.file(settingsPath(answers.app), settingsOf(answers));
		const running = changed && facts.program.running !== 'no' ? 'stale' : facts.program.running;
		install($, {...facts.program, running}, answers.supervisor, programOf(answers));
	},
	undo: ($, _before, answers) => takeAway($, answers, [answers.supervisor]),
	async verify($, {app, queue, supervisor, redisDatabase}) {
		if (queue === '') return;
		const count =
			await $`export REDISCLI_AUTH=$(bash -c ${readRedisPassword}); [ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
for attempt in {1..150}; do
	count=$(redis-cli -n ${redisDatabase} scard ${`rq:workers:${queue}`}); [ "$count" -gt 0 ] && break
	sleep 0.1
done; echo "$count"`;
		if (Number(count) > 0) return;
		throw new Trouble({
			what: `No worker takes jobs from the queue ${queue}.`,
			means: 'It ended while it started, or Redis does not answer. Jobs of the app would wait forever.',
			next: 'Read its last lines below, mend what they name, then try again.',
			evidence: (await lastLines($, supervisor, workerOf(app))).split('\n'),
			code: 'worker-silent',
		});
	},
});

type Answers = {app: string; queue: string};

function takeAway($: Hand, {app}: Answers, managers: readonly ProcessManager[]): void {
	for (const manager of managers) uninstall($, manager, workerOf(app));
	$.restore(settingsPath(app));
}

const settingsPath = (app: string) => `${pathsOf(app).shared}/rq_settings.py`;

function programOf({app}: Answers): Program {
	const {current, shared} = pathsOf(app);
	const python = `${current}/venv/bin/python`;
	return {
		name: workerOf(app),
		app,
		description: `Background jobs of ${app}`,
		words: [python, '-m', 'rq.cli', 'worker', '--path', current, '--path', shared, '--config', 'rq_settings'],
		folder: current,
		after: 'redis-server.service',
		notifies: false,
		finishes: longestJob,
	};
}

function settingsOf({queue}: Answers): string {
	return [
		"# The RQ worker's settings (https://python-rq.org/docs/workers/)",
		'import os',
		'',
		"REDIS_URL = os.environ['REDIS_URL']",
		`QUEUES = ['${queue}']`,
		'',
	].join('\n');
}
