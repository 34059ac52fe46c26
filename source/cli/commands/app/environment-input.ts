import {spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {text} from 'node:stream/consumers';
import {Trouble} from '../../../contract/trouble.ts';
import {writeWhole} from '../../../state/atomic-write.ts';
import {askHidden} from '../../terminal/ask-terminal.ts';
import {note} from '../../terminal/output.ts';

/** The value of a variable: typed unseen, or all of stdin without its last newline, with lines as Unix ends them. */
export async function askValue(name: string): Promise<string> {
	if (process.stdin.isTTY) return (await askHidden(`${name}: `)).reveal();
	return (await text(process.stdin)).replaceAll('\r\n', '\n').replace(/\n$/, '');
}

/**
 * Opens the person's editor on a text that is theirs alone, and answers what they left. The file lies in memory where this
 * machine has such a folder, and is gone afterwards.
 * @throws Trouble where no editor could be run
 */
export async function editText(app: string, before: string): Promise<string> {
	const folder = mkdtempSync(join(memoryFolder(), 'boxwizard-'));
	chmodSync(folder, 0o700);
	const file = join(folder, `${app}.env`);
	const head = `# The variables of ${app} that are yours: NAME=value, as in any .env. Those that boxwizard fills stand elsewhere.\n`;
	const remove = () => rmSync(folder, {recursive: true, force: true});
	process.once('exit', remove);
	try {
		writeFileSync(file, `${head}${before}${before === '' ? '' : '\n'}`, {mode: 0o600});
		await openEditor(file);
		return readFileSync(file, 'utf8').replace(head, '');
	} finally {
		remove();
		process.off('exit', remove);
	}
}

/** A folder that is never written to a disk, where there is one. */
function memoryFolder(): string {
	const {XDG_RUNTIME_DIR: runtime} = process.env;
	const found = [runtime, '/dev/shm'].find(folder => folder !== undefined && folder !== '' && existsSync(folder));
	if (found !== undefined) return found;
	note('This machine has no folder in memory: the file lies on its disk while you edit, and is removed afterwards.');
	return tmpdir();
}

async function openEditor(file: string): Promise<void> {
	const editor = process.env.VISUAL || process.env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi');
	// The variable may hold options too (“code --wait”): a shell reads it, as git has it read.
	const child =
		process.platform === 'win32'
			? spawn(`${editor} "${file}"`, {stdio: 'inherit', shell: true})
			: spawn('sh', ['-c', `${editor} "$@"`, editor, file], {stdio: 'inherit'});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject).once('close', resolve);
	});
	if (code === 0) return;
	throw new Trouble({
		what: `The editor “${editor}” ended with an error.`,
		means: 'Nothing was done.',
		next: 'Name another one: EDITOR=nano boxwizard env HOST edit',
		code: 'no-editor',
	});
}

/** Writes a .env that its owner alone can read. @throws Trouble where a file is there already */
export function writeDotenv(file: string, content: string, force: boolean): void {
	if (existsSync(file) && !force) {
		throw new Trouble({
			what: `${file} is there already.`,
			means: 'It was left as it is.',
			next: 'Give another name with --output, or replace it with --force.',
			code: 'file-exists',
		});
	}

	const folder = dirname(resolve(file));
	if (!existsSync(folder)) {
		throw new Trouble({
			what: `There is no folder ${folder}.`,
			means: 'Secrets are put into no folder that nobody made. Nothing was written.',
			next: 'Make it first, or give another name with --output.',
			code: 'no-folder',
		});
	}

	writeWhole(file, content);
}
