import type {Preview} from '../../../contract/ui/preview.ts';
import type {StepForm} from '../../../contract/ui/setup.ts';
import {redactor} from '../../../remote/explain.ts';
import {jsonLine} from '../../../render/json.ts';
import {parseTarget} from '../../../transport/index.ts';
import {journalOf, knownState} from '../../boxes/known-boxes.ts';
import {withFoundApp} from '../../detection/with-found-app.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {print} from '../../terminal/output.ts';
import {interruptible, openFor, refuseWithoutSecrets} from '../../terminal/run-in-lines.ts';
import {createWizard, setupOf} from '../../wizard/wizard.ts';

/** Prints every command and file change of what would be done to a box and all its apps, or to the box and one of them; touches nothing. */
export async function plan(named: string | undefined, which: string | undefined, given: BoxFlags): Promise<void> {
	const place = placeOf(named, which);
	const {host} = place;
	// The answers of the file are those of its own app.
	const isFile = named === undefined && place.file !== undefined;
	const flags = isFile ? {...given, answers: given.answers ?? place.file} : given;
	const beginning = await fromFlags(flags);
	const state = journalOf(parseTarget(host))?.read();
	const isToCome = isFile && place.app !== undefined && state?.apps[place.app] === undefined;
	const looks = beginning.answers.repository !== undefined;
	const request = looks ? await withFoundApp(beginning, state, {...flags, ignoreFindings: true}, isToCome) : beginning;
	if (!state && (request.kind ?? request.found?.kind) === undefined) knownState(host);
	const app = isToCome ? undefined : place.app;
	if (state && app !== undefined) appNamed(state, app);
	const wizard = createWizard(request);
	await interruptible(wizard, ['boxwizard plan', host, ...(app === undefined ? [] : [app])].join(' '), async () => {
		const opened = await openFor(wizard, host, flags, request);
		await wizard.lookForConflicts();
		const before = app === undefined ? setupOf(opened, []) : setupForApp(wizard, app, request.answers);
		const standing = isToCome && opened.apps.length > 0 ? wizard.newApp(request.kind) : before;
		const setup = {...standing, leftOut: [...standing.leftOut, ...request.leftOut]};
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const isWhole = app === undefined && !isToCome;
		const previews = isWhole ? await wizard.previewAll(setup) : await wizard.preview(setup);
		const forms = isWhole ? wizard.allSteps(setup) : wizard.steps(setup.kind, setup.answers);
		tell(previews, forms, flags, redactor(setup.answers));
	});
}

function tell(
	previews: readonly Preview[],
	forms: readonly StepForm[],
	{json}: BoxFlags,
	clean: (text: string) => string,
): void {
	const titles = new Map(forms.map(({summary}) => [summary.id, summary.title]));
	for (const preview of previews) {
		if (json) print(clean(jsonLine(preview)));
		else for (const line of previewLines(preview, titles.get(preview.step) ?? '')) print(clean(line));
	}
}

/** A step's preview as lines to read. */
export function previewLines(preview: Preview, title: string): string[] {
	const {step, state, commands, files, packages, notUndone, concern} = preview;
	const head = `[${state}] ${step}  ${title}`;
	if (state !== 'to do') return [state === 'unknown' ? `${head} (known once the steps before it are done)` : head];
	return [
		head,
		...(concern
			? [
					`    ! ${concern.message}`,
					`    ! The answer is the option ${concern.option}: the set-up asks for it before it touches anything.`,
				]
			: []),
		...(packages.length > 0 ? [`    installs ${packages.join(' ')}`] : []),
		...commands.map(command => `    $ ${command}`),
		...files.flatMap(file => [
			`    ${file.path}  +${file.added} -${file.removed}${file.secret ? '  (holds a secret: not shown)' : ''}`,
			...patchLines(file.patch).map(line => `      ${line}`),
		]),
		...(notUndone === undefined ? [] : [`    undo leaves: ${notUndone}`]),
		'',
	];
}

/** A unified diff without its head, which repeats the path. */
function patchLines(patch: string): string[] {
	const lines = patch.trimEnd().split('\n');
	const first = lines.findIndex(line => line.startsWith('@@'));
	return first === -1 ? [] : lines.slice(first);
}
