import type {AppStatus, BoxStatus, JobStatus} from '../../../contract/status.ts';
import {asTrouble, Trouble} from '../../../contract/trouble.ts';
import {listJournals} from '../../../state/journal.ts';
import {type JournalState, labelOf} from '../../../state/journal-state.ts';
import {knownState, loginOf, targetText} from '../../boxes/known-boxes.ts';
import {type BoxFlags, type FromFlags, fromFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {placeOf} from '../../target/named-box.ts';
import {readProject} from '../../target/project-file.ts';
import {askNobody} from '../../terminal/ask-nobody.ts';
import {exitCodes, note, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {columns} from '../local/hosts.ts';

/** Milliseconds for the way into a box where several are asked: one that is away holds up none of the others. */
const patience = 20_000;

/** Tells how a box and its apps stand; where none is named, all known boxes. Exit code 2 where an app does not run, or a box does not answer. */
export async function status(
	host: string | undefined,
	app: string | undefined,
	flags: BoxFlags & {readonly all?: boolean},
): Promise<void> {
	if (host === undefined) {
		const project = flags.all ? undefined : readProject();
		if (project && project.host === undefined) note(`${project.path} has no line “host: …”: here are all boxes.`);
		if (project?.host === undefined) return await statusOfAll(flags);
	}

	const place = placeOf(host, app);
	const state = knownState(place.host);
	if (place.app !== undefined) appNamed(state, place.app);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, `boxwizard status ${place.host}`, async () => {
		await openFor(wizard, place.host, flags, request, process.stderr.isTTY ? note : () => undefined);
		tell(state, await wizard.status(), place.app, flags);
	});
}

/** All boxes that this machine knows, side by side, each as soon as it has answered. */
async function statusOfAll(flags: BoxFlags): Promise<void> {
	const states = listJournals().map(journal => journal.read());
	if (states.length === 0) note('No boxes yet. Begin with: boxwizard setup root@HOST');
	const request = await fromFlags(flags);
	await Promise.all(
		states.map(async state => {
			try {
				tell(state, await ask(state, request), undefined, flags);
			} catch (error) {
				silent(state, asTrouble(error), flags);
			}
		}),
	);
}

/** Asks a box; nobody is there to answer its questions. @throws Trouble */
async function ask(state: JournalState, request: FromFlags): Promise<BoxStatus> {
	const {user, host, port} = loginOf(state);
	const signal = AbortSignal.timeout(patience);
	const wizard = createWizard({...request, connection: {...request.connection, signal}});
	try {
		await wizard.enter(targetText(user, host, port), askNobody(request.passwords), () => undefined);
		return await wizard.status();
	} catch (error) {
		if (!signal.aborted) throw error;
		throw new Trouble({
			what: `It does not answer within ${patience / 1000} s.`,
			means: 'How it stands is not known.',
			next: `Look whether it is up, then: boxwizard status ${host}`,
			code: 'timeout',
		});
	} finally {
		await wizard.leave();
	}
}

function tell(state: JournalState, {apps, ...box}: BoxStatus, app: string | undefined, {json}: BoxFlags): void {
	const told = apps.filter(({name}) => app === undefined || name === app);
	if (told.some(one => one.state !== 'up')) process.exitCode = exitCodes.differs;
	const label = labelOf(state);
	if (json) printJson({event: 'status', host: state.host, label, ...box, apps: told});
	else for (const line of statusLines(label, state.host, {...box, apps: told}, app === undefined)) print(line);
}

function silent(state: JournalState, trouble: Trouble, {json}: BoxFlags): void {
	process.exitCode = exitCodes.differs;
	const label = labelOf(state);
	if (json) {
		printJson({event: 'unreachable', host: state.host, label, trouble: trouble.toJSON()});
		return;
	}

	print(`! ${label}${label === state.host ? '' : ` (${state.host})`}: ${trouble.what}`);
	print(`  ${trouble.next}`);
}

/** A status as lines to read: the box, its apps, and what else runs there. */
export function statusLines(
	label: string,
	host: string,
	{at, uptime, memory, disk, updates, rebootPending, apps, others}: BoxStatus,
	whole = true,
): string[] {
	const now = Date.parse(at);
	const used = ({total, left}: {total: number; left: number}) =>
		total === 0 ? '?' : `${Math.round((100 * (total - left)) / total)} %`;
	const box = [
		label === host ? host : `${label} (${host})`,
		`up ${span(uptime)}`,
		`memory ${used({total: memory.total, left: memory.available})}`,
		`disk ${used({total: disk.size, left: disk.free})}`,
		...(updates > 0 ? [updates === 1 ? '1 update waits' : `${updates} updates wait`] : []),
		...(rebootPending ? ['a reboot waits'] : []),
	];
	const foreign = others.map(({name, state}) => (state === 'up' ? name : `${name} (${state})`));
	const rows = columns(apps.map(app => appRow(app, now)));
	return [
		...(whole ? [box.join('  ')] : []),
		...apps.flatMap(({jobs = []}, index) => [
			`  ${rows[index]}`,
			...columns(jobs.map(job => jobRow(job, now))).map(line => `    ${line}`),
		]),
		...(whole && foreign.length > 0 ? [`  not boxwizard’s: ${foreign.join(', ')}`] : []),
	];
}

function appRow(app: AppStatus, now: number): string[] {
	const {name, state, since, version, memory, restarts, certificateExpires, domain} = app;
	return [
		name,
		since === undefined ? state : `${state} ${span((now - Date.parse(since)) / 1000)}`,
		version === undefined ? 'no version' : `${version.id.slice(0, 7)} ${short(version.title)}`,
		memory === undefined ? '' : `${Math.round(memory / 1_048_576)} MB`,
		restarts === undefined || restarts === 0 ? '' : restarts === 1 ? '1 restart' : `${restarts} restarts`,
		certificateExpires === undefined ? '' : certificate((Date.parse(certificateExpires) - now) / 86_400_000),
		domain === undefined ? '' : `https://${domain}`,
	];
}

/** 'job clean', 'failed 5 h ago', 'next in 3 h' */
function jobRow({name, state, next, last}: JobStatus, now: number): string[] {
	const ago = last === undefined ? '' : ` ${span((now - Date.parse(last)) / 1000)} ago`;
	return [
		`job ${name}`,
		jobWords(state, ago),
		next === undefined ? '' : `next in ${span((Date.parse(next) - now) / 1000)}`,
	];
}

function jobWords(state: JobStatus['state'], ago: string): string {
	switch (state) {
		case 'waiting':
			return ago === '' ? 'not run yet' : `ran${ago}`;
		case 'running':
			return 'runs now';
		case 'failed':
			return `failed${ago}`;
		case 'off':
			return 'nothing starts it';
	}
}

const certificate = (days: number): string => (days < 0 ? 'certificate expired' : `certificate ${Math.floor(days)} d`);

const short = (title: string): string => (title.length > 40 ? `${title.slice(0, 39)}…` : title);

/** Seconds as people say them: '12 d', '3 h', '4 min'. */
function span(seconds: number): string {
	if (seconds >= 2 * 86_400) return `${Math.floor(seconds / 86_400)} d`;
	if (seconds >= 2 * 3600) return `${Math.floor(seconds / 3600)} h`;
	return seconds >= 120 ? `${Math.floor(seconds / 60)} min` : `${Math.max(0, Math.floor(seconds))} s`;
}
