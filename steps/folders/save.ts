import type {Hand} from '../../source/contract/step.ts';
import {backups} from './paths.ts';

/** What is saved before it is dropped. All parts are words of bash. */
export type Saved = {
	/** What the file is called after, and its ending: a time in UTC comes between. */
	readonly name: string;
	readonly ending: string;
	/** Prints something where there is something to save: a retry finds what it has dropped no more. Fails where that can't be known. */
	readonly there: string;
	/** Writes the copy to its stdout. */
	readonly command: string;
	/** Reads the copy on its stdin, and fails where it is not whole. */
	readonly proof: string;
};

/**
 * Saves what is about to be dropped below /var/backups/boxwizard, for root only. The copy gets its name once it is read
 * through and on disk; where it is not whole the script ends here, so that nothing is dropped.
 */
export function save($: Hand, {name, ending, there, command, proof}: Saved): void {
	$.folder(backups, {mode: '0700'});
	const lines = [
		`there=$(${there}) || exit 1; if [ -z "$there" ]; then exit 0; fi`,
		`umask 077; file=${backups}/${name}-$(date -u +%Y%m%dT%H%M%S).${ending}`,
		`if { ${command}; } > $file.part && { ${proof}; } < $file.part && sync $file.part; then mv $file.part $file; echo "Saved: $file"; exit 0; fi`,
		`rm -f $file.part; echo 'It could not be saved whole: nothing is dropped.'; exit 1`,
	];
	$`bash -o pipefail -c ${lines.join('\n')}`;
}

/** For `there`: whether a path is. */
export function ifAny(path: string): string {
	return `find ${path} -maxdepth 0 2>/dev/null || true`;
}

/** Packs `/srv/APP`, or a part of it, with all but the releases' virtual environments: their requirements bring those back. */
export function pack($: Hand, above: string, folder: string, name: string): void {
	const venvs = folder === 'releases' ? 'releases/*/venv' : `${folder}/releases/*/venv`;
	save($, {
		name,
		ending: 'tar.gz',
		there: ifAny(`${above}/${folder}`),
		command: `tar -C ${above} -cz --anchored --exclude='${venvs}' ${folder}`,
		proof: 'tar -tz | grep -c . > /dev/null',
	});
}
