import type {Preview} from '../../../contract/ui/preview.ts';
import {redactor} from '../../../remote/explain.ts';
import {jsonLine} from '../../../render/json.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {withProject} from '../../target/project-file.ts';
import {print} from '../../terminal/output.ts';
import {interruptible, openFor, refuseWithoutSecrets} from '../../terminal/run-in-lines.ts';
import {createWizard, setupOf} from '../../wizard/wizard.ts';

/** Prints every command and file change of what would be done; touches nothing. */
export async function plan(named: string | undefined, given: BoxFlags): Promise<void> {
	const {host, flags} = withProject(named, given);
	const request = await fromFlags(flags);
	if (request.kind === undefined) knownState(host);
	const wizard = createWizard(request);
	await interruptible(wizard, `boxwizard plan ${host}`, async () => {
		const opened = await openFor(wizard, host, flags, request);
		const setup = setupOf(opened, request.leftOut);
		await wizard.lookForConflicts();
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const clean = redactor(setup.answers);
		const previews = await wizard.preview(setup);
		const titles = new Map(wizard.steps(setup.kind, setup.answers).map(({summary}) => [summary.id, summary.title]));
		for (const preview of previews) {
			if (flags.json) print(clean(jsonLine(preview)));
			else for (const line of previewLines(preview, titles.get(preview.step) ?? '')) print(clean(line));
		}
	});
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
