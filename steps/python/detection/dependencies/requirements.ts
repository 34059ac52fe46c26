import type {Tree} from '../../../../source/contract/detection.ts';

/** One package that an app asks for. */
export type Requirement = {
	/** As PyPI compares names: 'flask-sqlalchemy'. */
	readonly name: string;
	/** As it is written: 'Flask-SQLAlchemy'. */
	readonly written: string;
	readonly extras: readonly string[];
	/** '==3.0.0', '' for any. */
	readonly specifier: string;
	readonly marker?: string;
	/** An address it comes from instead of the index. */
	readonly url?: string;
	readonly isHashed?: boolean;
	/** Whether the lock file names a ready-made package for Linux; undefined where it says nothing. */
	readonly hasWheel?: boolean;
	readonly where: {readonly path: string; readonly line: number; readonly text: string};
};

export type RequirementsFile = {
	readonly requirements: readonly Requirement[];
	/** Files that were read, the first one included. */
	readonly files: readonly string[];
	/** Files that `-r` names and that are not there. */
	readonly missing: readonly {readonly path: string; readonly where: string}[];
	/** Whether it installs the project itself: `-e .` or `.`. */
	readonly isProject: boolean;
};

export function normalName(name: string): string {
	return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** A requirement as PEP 508 writes it; undefined for what is none. */
export function parseRequirement(line: string): Omit<Requirement, 'where'> | undefined {
	const [head = '', ...markers] = line.split(/\s*;\s*/);
	const [, written, extras, rest = ''] =
		/^([A-Za-z0-9][\w.-]*?)\s*(?:\[([^\]]*)\])?\s*(@\s*\S+|[(]?\s*(?:[<>=!~^]=?=?[^;]*)?[)]?)?$/.exec(head.trim()) ??
		[];
	if (!written) return undefined;
	const url = /^@\s*(\S+)/.exec(rest)?.[1];
	return {
		name: normalName(written),
		written,
		extras: (extras ?? '')
			.split(',')
			.map(extra => extra.trim())
			.filter(Boolean),
		specifier: url ? '' : rest.replaceAll(/[()\s]/g, ''),
		...(markers.length > 0 && {marker: markers.join('; ')}),
		...(url && {url}),
	};
}

/** A requirements file with all that its `-r` lines bring in. Nothing outside the tree is read. */
export function readRequirements(tree: Tree, path: string, seen: ReadonlySet<string> = new Set()): RequirementsFile {
	const result = {
		requirements: [] as Requirement[],
		files: [path],
		missing: [] as {path: string; where: string}[],
		isProject: false,
	};
	for (const {text, line, hashed} of logicalLines(tree.text(path) ?? '')) {
		const included = /^(?:-r|--requirement)[\s=]*(\S+)/.exec(text)?.[1];
		if (included) {
			const target = beside(path, included);
			if (seen.has(target) || target === path || result.files.includes(target)) continue;
			if (!tree.has(target)) {
				result.missing.push({path: target, where: `${path}:${line}`});
				continue;
			}

			const inner = readRequirements(tree, target, new Set([...seen, path]));
			result.requirements.push(...inner.requirements);
			result.files.push(...inner.files);
			result.missing.push(...inner.missing);
			result.isProject = result.isProject || inner.isProject;
			continue;
		}

		const editable =
			/^(?:-e|--editable)[\s=]*(\S+)/.exec(text)?.[1] ?? (/^\.{1,2}(?:\/|\[|$)/.test(text) ? text : undefined);
		if (editable !== undefined && /^\.(?:\/)?(?:\[|$)/.test(editable)) result.isProject = true;
		const where = {path, line, text};
		const address = addressOf(editable ?? text);
		if (address) result.requirements.push({...address, where});
		if (text.startsWith('-') || editable !== undefined || address) continue;
		const requirement = parseRequirement(text);
		if (requirement) result.requirements.push({...requirement, ...(hashed && {isHashed: true}), where});
	}

	return result;
}

/** git+https://host/owner/name.git@ref#egg=name, and plain addresses of archives. */
function addressOf(text: string): Omit<Requirement, 'where'> | undefined {
	if (!/^(?:git|hg|bzr|svn)\+|^https?:|^file:/.test(text)) return undefined;
	const written =
		/[#&]egg=([\w.-]+)/.exec(text)?.[1] ?? /\/([\w.-]+?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$/.exec(text)?.[1] ?? text;
	return {name: normalName(written), written, extras: [], specifier: '', url: text};
}

/** No requirement is longer: patterns over such lines would take their time. */
const longestLine = 2000;

type Logical = {readonly text: string; readonly line: number; readonly hashed: boolean};

/** Lines with a backslash at their end go on; comments and --hash are taken off. */
function logicalLines(text: string): Logical[] {
	const logical: Logical[] = [];
	const lines = text.split('\n').map(line => (line.length > longestLine ? '' : line));
	for (let index = 0; index < lines.length; index += 1) {
		const line = index + 1;
		let whole = lines[index] ?? '';
		while (whole.endsWith('\\') && index + 1 < lines.length && whole.length < 50 * longestLine) {
			index += 1;
			whole = whole.slice(0, -1) + (lines[index] ?? '');
		}

		const hashed = /\s--hash[=\s]/.test(whole);
		const plain = whole
			.replaceAll(/\s--(?:hash|config-settings?|global-option)[=\s]\S+/g, '')
			.replace(/(?:^|\s)#.*$/, '')
			.trim();
		if (plain !== '') logical.push({text: plain, line, hashed});
	}

	return logical;
}

/** A path beside a file, without `.` and `..`; what leads out of the tree stays so and is not there. */
function beside(path: string, other: string): string {
	const parts = path.split('/').slice(0, -1);
	for (const part of other.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}

	return parts.join('/');
}
