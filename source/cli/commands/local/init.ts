import {existsSync, writeFileSync} from 'node:fs';
import {basename, extname} from 'node:path';
import {answersSchema, writeAnswersFile} from '../../../answers/answers-file.ts';
import type {Catalogue} from '../../../contract/kind.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {kindNamed} from '../../given/kinds.ts';
import {print} from '../../terminal/output.ts';

export type InitOptions = {readonly kind?: string; readonly output: string; readonly force?: boolean};

/** Writes an answers file and, beside it, its JSON Schema. Neither replaces a file unless told to. */
export async function init({kind: name, output, force = false}: InitOptions): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const schema = writeAnswers(catalogue, name, output, force);
	print(`Wrote ${output} (fill it in) and ${schema} (editors read it).`);
	print(`Then: boxwizard setup root@HOST --answers ${output}`);
}

/** Writes the two files for a kind, the first one where none is named. @returns the schema's name @throws Trouble where one is there, unless `force` */
export function writeAnswers(catalogue: Catalogue, name: string | undefined, output: string, force: boolean): string {
	const kind = kindNamed(catalogue, name);
	const schema = `${output.slice(0, output.length - extname(output).length)}.schema.json`;
	for (const file of [output, schema]) {
		if (existsSync(file) && !force) throw exists(file);
	}

	writeFileSync(schema, `${JSON.stringify(answersSchema(catalogue, kind), undefined, '\t')}\n`);
	writeFileSync(output, writeAnswersFile(catalogue, kind, basename(schema)));
	return schema;
}

function exists(file: string): Trouble {
	return new Trouble({
		what: `${file} is there already.`,
		means: 'It was left as it is.',
		next: 'Give another name with --output, or replace it with --force.',
		code: 'file-exists',
	});
}
