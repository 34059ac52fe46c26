import type {TroubleshootEvent, TroubleshootReply, TroubleshootSummary} from '../../../contract/ui/troubleshooting.ts';
import {redactor} from '../../../remote/explain.ts';
import {jsonLines} from '../../../render/json.ts';
import {troubleshootLines} from '../../../render/troubleshoot.ts';
import type {JournalState} from '../../../state/journal-state.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {onlyApp} from '../../plans/app-setups.ts';
import {setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {exitCodes, mannerOf, print} from '../../terminal/output.ts';
import {interruptible, openFor} from '../../terminal/run-in-lines.ts';
import {createWizard, setupOf} from '../../wizard/wizard.ts';

/** Runs an app in the foreground and says what is wrong with it: exit code 2 where something is, and stays so. */
export async function troubleshoot(
	named: string | undefined,
	program: string | undefined,
	flags: BoxFlags,
): Promise<void> {
	const {host, app: name} = placeOf(named, program);
	const state = knownState(host);
	const app = name ?? (Object.keys(state.apps).length > 1 ? onlyApp(state) : undefined);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	if (mannerOf(flags) === 'screens') {
		const {showScreens} = await import('../../terminal/screens.tsx');
		await showScreens(wizard, {at: 'troubleshoot', target: host, ...(app !== undefined && {app})});
		return;
	}

	const command = ['boxwizard troubleshoot', host, ...(app === undefined ? [] : [app])].join(' ');
	const work = async () => {
		const opened = await openFor(wizard, host, flags, request);
		const owner = ownerOf(state, app);
		const setup = owner === undefined ? setupOf(opened, []) : setupForApp(wizard, owner, request.answers);
		const {outcome} = await hear(wizard.troubleshoot(setup, app), host, flags, redactor(setup.answers));
		if (outcome === 'found' || outcome === 'unknown') process.exitCode = exitCodes.differs;
	};
	// Leaving gives the app back to its process manager.
	await interruptible(wizard, command, work, () => wizard.leave());
}

/** The app that a program is of: its server has its name, what else it runs begins with it. */
function ownerOf({apps}: JournalState, program: string | undefined): string | undefined {
	const names = Object.keys(apps).filter(name => program === name || program?.startsWith(`${name}-`));
	return names.toSorted((one, other) => other.length - one.length)[0];
}

/** Writes what is told; nobody is there to choose, so with --yes the likeliest fix is taken, each once. */
async function hear(
	events: AsyncGenerator<TroubleshootEvent, TroubleshootSummary, TroubleshootReply>,
	host: string,
	{json, yes, verbose}: BoxFlags,
	clean: (text: string) => string,
): Promise<TroubleshootSummary> {
	const record = jsonLines(print, clean);
	const tried = new Set<string>();
	let next = await events.next();
	while (!next.done) {
		const {type, ...event} = next.value;
		if (json) record({event: type, ...event});
		else for (const line of troubleshootLines(next.value, host, verbose ?? false)) print(clean(line));
		next = await events.next(next.value.type === 'diagnosis' ? replyTo(next.value, yes ?? false, tried) : undefined);
	}

	return next.value;
}

function replyTo(
	{findings}: Extract<TroubleshootEvent, {type: 'diagnosis'}>,
	yes: boolean,
	tried: Set<string>,
): TroubleshootReply {
	const offers = findings.flatMap(({fixes}) => fixes);
	const fix = offers.find(({id, asks}) => asks === undefined && !tried.has(id));
	if (!yes || !fix) return {action: 'quit'};
	tried.add(fix.id);
	return {action: 'fix', fix: fix.id};
}
