import type {Preview} from '../../../contract/preview.ts';
import {redactor} from '../../../remote/explain.ts';
import {jsonLine} from '../../../render/json.ts';
import {withProject} from '../../place/project-file.ts';
import {interruptible, openFor, refuseWithoutSecrets} from '../../talk/run-in-lines.ts';
import {print} from '../../talk/terminal.ts';
import {type BoxFlags, begin} from '../../wizard/given.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard, roadOf} from '../../wizard/wizard.ts';

/** Prints every command and file change of what would be done; touches nothing. */
export async function plan(named: string | undefined, given: BoxFlags): Promise<void> {
	const {host, flags} = withProject(named, given);
	const beginning = await begin(flags);
	if (beginning.kind === undefined) knownState(host);
	const wizard = createWizard(beginning);
	await interruptible(wizard, `boxwizard plan ${host}`, async () => {
		const opened = await openFor(wizard, host, flags, beginning);
		const road = roadOf(opened, beginning.leftOut);
		await wizard.lookForConflicts();
		refuseWithoutSecrets(wizard.validate(road), beginning.catalogue, road);
		const clean = redactor(road.answers);
		const previews = await wizard.preview(road);
		const titles = new Map(wizard.steps(road.kind, road.answers).map(({summary}) => [summary.id, summary.title]));
		for (const preview of previews) {
			if (flags.json) print(clean(jsonLine(preview)));
			else for (const line of previewLines(preview, titles.get(preview.step) ?? '')) print(clean(line));
		}
	});
}

/** A step's preview as lines to read. */
export function previewLines(preview: Preview, title: string): string[] {
	const {step, state, commands, files, packages, keeps, concern} = preview;
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
		...(keeps === undefined ? [] : [`    undo leaves: ${keeps}`]),
		'',
	];
}

/** A unified diff without its head, which repeats the path. */
function patchLines(patch: string): string[] {
	const lines = patch.trimEnd().split('\n');
	const first = lines.findIndex(line => line.startsWith('@@'));
	return first === -1 ? [] : lines.slice(first);
}
