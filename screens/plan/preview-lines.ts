import type {Preview} from '../../source/contract/ui/preview.ts';
import {cleanLine} from '../../source/render/wording.ts';
import type {ScrollLine} from '../parts/scroll.tsx';
import type {Marks} from '../parts/theme.ts';

/** A unified diff, line by line. Its two head lines are left out: the path stands above. */
export function diffLines(patch: string): ScrollLine[] {
	return patch
		.split('\n')
		.filter(line => line !== '' && !/^(---|\+\+\+|===|Index: |diff )/.test(line))
		.map(line => ({text: cleanLine(line), tone: toneOf(line)}));
}

function toneOf(line: string): ScrollLine['tone'] {
	if (line.startsWith('@@') || line.startsWith('\\')) return 'quiet';
	if (line.startsWith('+')) return 'added';
	return line.startsWith('-') ? 'removed' : 'plain';
}

const blank: ScrollLine = {text: ''};

/** All that a step would do: files with their diffs, packages, commands. */
export function previewLines(preview: Preview): ScrollLine[] {
	const lines: ScrollLine[] = [];
	const section = (title: string, content: readonly ScrollLine[]) => {
		if (content.length > 0) lines.push({text: title, tone: 'head'}, ...content, blank);
	};
	if (preview.state === 'to do' && preview.commands.length === 0) {
		lines.push({text: 'It only looks, and changes nothing.'}, blank);
	}

	if (preview.state === 'in place') lines.push({text: 'Everything is in place: nothing will be done.'}, blank);
	if (preview.state === 'unknown') {
		lines.push({text: 'What it does depends on a step before it: it is shown when that one is done.'}, blank);
	}

	section('To be decided first', preview.concern ? [{text: `  ${preview.concern.message}`}] : []);
	section(
		'Packages',
		preview.packages.map(text => ({text: `  ${text}`})),
	);
	for (const file of preview.files) {
		section(
			fileTitle(file),
			file.secret
				? [{text: '  Holds a password: not shown, readable for its owner only.', tone: 'quiet'}]
				: diffLines(file.patch),
		);
	}

	section(
		'Commands, as root',
		preview.commands.map(text => ({text: `  ${cleanLine(text)}`})),
	);
	section('Undo keeps', preview.notUndone ? [{text: `  ${preview.notUndone}`}] : []);
	return lines;
}

const fileTitle = (file: Preview['files'][number]): string => `${file.path}  ${countsOf(file)}`;

/** '+11', '+3 −1', 'removed' */
export function countsOf(file: Preview['files'][number], minus = '−'): string {
	const parts = [
		...(file.added > 0 ? [`+${file.added}`] : []),
		...(file.removed > 0 ? [`${minus}${file.removed}`] : []),
	];
	return parts.join(' ') || (file.secret ? 'secret' : '');
}

/** In a few words, for a list: '2 files +15 −1 · 3 packages · 4 commands'. */
export function inShort(preview: Preview, {dot, minus}: Pick<Marks, 'dot' | 'minus'>): string {
	const several = (count: number, one: string) => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]);
	const added = preview.files.reduce((sum, file) => sum + file.added, 0);
	const removed = preview.files.reduce((sum, file) => sum + file.removed, 0);
	const change = [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`${minus}${removed}`] : [])].join(' ');
	const files = several(preview.files.length, 'file').map(text => (change === '' ? text : `${text} ${change}`));
	return [
		...files,
		...several(preview.packages.length, 'package'),
		...several(preview.commands.length, 'command'),
	].join(` ${dot} `);
}
