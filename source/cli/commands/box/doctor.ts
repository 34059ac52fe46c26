import {didYouMean} from '../../../answers/nearest.ts';
import {
	type Finding,
	type Health,
	type Severity,
	severities,
	type Unknown,
	worst,
} from '../../../contract/diagnosis/examination.ts';
import {instanceOf} from '../../../contract/step-id.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {Wizard} from '../../../contract/ui/wizard.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {placeOf} from '../../target/named-box.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {exitCodes, isTerminal, mannerOf, needsYes, note, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor, runInLines} from '../../terminal/run-in-lines.ts';
import type {JoinedWizard} from '../../wizard/joined-wizard.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {previewLines} from './plan.ts';

export type DoctorFlags = BoxFlags & {
	/** Findings whose fixes are wanted; 'all' for every one. */
	readonly fix?: readonly string[];
	/** Examinations to be passed over. */
	readonly skip?: readonly string[];
};

/** What the command leaves: 0 healthy, 2 something will go wrong, 3 something is wrong now. */
const codes: Readonly<Record<Severity, number>> = {
	bad: exitCodes.bad,
	warning: exitCodes.differs,
	note: exitCodes.fine,
};

/** Looks a box over, and mends what it is told to. Silent where all is well, unless lines are asked for. */
export async function doctor(named: string | undefined, which: string | undefined, flags: DoctorFlags): Promise<void> {
	const {host, app} = placeOf(named, which);
	if (app !== undefined) appNamed(knownState(host), app);
	await refuseUnknown(flags.skip ?? []);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	if (mannerOf(flags) === 'screens' && !flags.fix) {
		const {showScreens} = await import('../../terminal/screens.tsx');
		return await showScreens(wizard, {at: 'box', target: host, to: 'doctor'});
	}

	const asks = isTerminal() && !flags.json;
	const place = app === undefined ? host : `${host} ${app}`;
	const command = ['boxwizard doctor', place, ...(flags.fix ?? []).map(id => `--fix ${id}`)].join(' ');
	if (flags.fix && !flags.yes && !asks) throw needsYes('A fix changes the box.', command);
	await interruptible(wizard, command, async () => {
		// A healthy box is silent where nobody asked for lines, so that cron has nothing to mail.
		const say = process.stderr.isTTY ? note : () => undefined;
		const opened = await openFor(wizard, host, flags, request, say);
		const look = async () => without(await wizard.examine(), flags.skip ?? [], app);
		let health = await look();
		if (flags.fix) {
			await applyFixes(wizard, host, health, flags.fix, flags);
			health = await look();
		}

		tell(host, health, flags);
		if (health.findings.length === 0 && !flags.json) sayWell(opened.label, flags);
		const found = worst(health.findings);
		if (found !== undefined && process.exitCode !== exitCodes.error) process.exitCode = codes[found];
	});
}

function sayWell(label: string, {plain}: DoctorFlags): void {
	if (plain) print(`${label} is well.`);
	else if (process.stderr.isTTY) note(`${label} is well.`);
}

/** @throws Trouble for a name that no examination has */
async function refuseUnknown(names: readonly string[]): Promise<void> {
	if (names.length === 0) return;
	const {examinations} = await import('../../../../steps/doctor/index.ts');
	const ids = examinations.map(({id}) => id);
	const stranger = names.find(name => !ids.includes(instanceOf(name).id));
	if (stranger === undefined) return;
	throw new Trouble({
		what: `The doctor does not look at “${stranger}”.`,
		means: 'Nothing was done.',
		next: didYouMean(stranger, ids),
		code: 'unknown-examination',
	});
}

/** @param app the one that is meant beside the box; all where none is named */
function without({findings, unknown, ...health}: Health, skip: readonly string[], app: string | undefined): Health {
	const isMeant = (id: string) => app === undefined || [undefined, app].includes(instanceOf(id).app);
	const wanted = ({id}: {id: string}) => isMeant(id) && !skip.includes(id) && !skip.includes(instanceOf(id).id);
	return {...health, findings: findings.filter(wanted), unknown: unknown.filter(wanted)};
}

/** Shows what the fixes would do, asks, and brings them about. */
async function applyFixes(
	wizard: JoinedWizard,
	host: string,
	{findings}: Health,
	wanted: readonly string[],
	flags: DoctorFlags,
): Promise<void> {
	const ids = await chosen(findings, wanted, host);
	if (ids.length === 0) return;
	if (!flags.json) {
		for (const id of ids) await showPreview(wizard, id, findings);
		if (!flags.yes && !(await confirm('Do it?'))) return note('Nothing was done.');
	}

	// One by one: a fix that fails leaves the others their turn.
	for (const id of ids) {
		const summary = await runInLines(wizard.fix([id]), flags, {});
		if (summary.failed.length > 0) process.exitCode = exitCodes.error;
	}
}

async function showPreview(wizard: Wizard, id: string, findings: readonly Finding[]): Promise<void> {
	const finding = findings.find(one => one.id === id);
	note(`\n${finding?.fix?.title ?? id}. ${finding?.fix?.why ?? ''}`);
	for (const line of previewLines(await wizard.previewFix(id), '')) note(line);
}

/** The findings whose fixes are wanted, in the order to mend them; “all” is all but a reboot. @throws Trouble for one that was not found, or that has no fix */
async function chosen(findings: readonly Finding[], wanted: readonly string[], host: string): Promise<string[]> {
	const mendable = findings.filter(({fix}) => fix).map(({id}) => id);
	if (wanted.includes('all')) {
		const {examinations} = await import('../../../../steps/doctor/index.ts');
		const order = examinations.map(({id}) => id).filter(id => id !== 'system/reboot');
		return order.flatMap(id => mendable.filter(one => instanceOf(one).id === id));
	}

	const meant = wanted.map(id => mendable.filter(one => one === id || instanceOf(one).id === id));
	for (const [index, id] of wanted.entries()) {
		if (meant[index]?.length !== 0) continue;
		const found = findings.some(finding => finding.id === id || instanceOf(finding.id).id === id);
		throw new Trouble({
			what: found ? `Nothing mends “${id}” by itself.` : `The doctor has not found “${id}” on this box.`,
			means: 'Nothing was done.',
			next: found ? `boxwizard doctor ${host} --plain says what to do about it.` : didYouMean(id, mendable),
			code: 'no-fix',
		});
	}

	return [...new Set(meant.flat())];
}

function tell(host: string, health: Health, {json, fix}: DoctorFlags): void {
	const {findings, unknown, roundTrips, seconds} = health;
	if (json) {
		for (const finding of findings) printJson({event: 'finding', ...finding});
		for (const one of unknown) printJson({event: 'unknown', ...one});
		const counts = Object.fromEntries(
			severities.map(severity => [severity, findings.filter(one => one.severity === severity).length]),
		);
		printJson({
			event: 'health',
			host,
			...counts,
			unknown: unknown.length,
			roundTrips,
			seconds,
			mended: fix !== undefined,
		});
		return;
	}

	for (const line of findings.flatMap(finding => findingLines(finding, host))) print(line);
	for (const line of unknownLines(unknown)) note(line);
}

/** A finding in plain lines. */
function findingLines({id, severity, title, means, evidence, fix, next}: Finding, host: string): string[] {
	return [
		`${severity.padEnd(8)}${id}: ${title}`,
		`        ${means}`,
		...evidence.map(line => `        | ${line}`),
		...(fix ? [`        ${fix.title}: boxwizard doctor ${host} --fix ${id}`] : []),
		...(fix || next === undefined ? [] : [`        ${next}`]),
		'',
	];
}

function unknownLines(unknown: readonly Unknown[]): string[] {
	return unknown.map(({title, reason}) => `not known: ${title}. ${reason}`);
}
