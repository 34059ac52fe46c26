import {listJournals} from '../../../state/journal.ts';
import type {JournalState} from '../../../state/journal-state.ts';
import {parseTarget} from '../../../transport/target.ts';
import {domainsOf, journalOf} from '../../boxes/known-boxes.ts';
import type {Known, Suggestion, shells} from '../../program/completion.ts';
import {readProject} from '../../target/project-file.ts';
import {print} from '../../terminal/output.ts';
import {actionNames} from '../app/environment-words.ts';

/** Prints the completion script of a shell. All of them ask `boxwizard complete`, so that they never grow old. */
export function completion(shell: (typeof shells)[number]): void {
	print(scripts[shell]);
}

/** Prints what the shell may offer: a word, a tab, and what it is. Never an error: it would stand in the middle of a person's line. */
export async function complete(find: (known: Known) => readonly Suggestion[]): Promise<void> {
	try {
		for (const {word, what} of find(known)) print(what === '' ? word : `${word}\t${what}`);
	} catch {
		// A journal that can't be read, or a folder that is gone: then there is nothing to offer.
	}
}

const known: Known = {
	hosts: () => listJournals().flatMap(journal => namesOf(journal.read())),
	apps(host) {
		const state = host === undefined ? stateOfFolder() : (stateOf(host) ?? stateOfFolder());
		return Object.entries(state?.apps ?? {}).map(([word, {answers}]) => ({word, what: String(answers.domain ?? '')}));
	},
	actions: () => actionNames.map(word => ({word, what: ''})),
};

/** The names by which commands take a box: its apps' domains, and its address. */
function namesOf(state: JournalState): Suggestion[] {
	const names = [...domainsOf(state), state.host];
	return names.map(word => ({word, what: Object.keys(state.apps).join(', ')}));
}

function stateOf(host: string): JournalState | undefined {
	return journalOf(parseTarget(host))?.read();
}

function stateOfFolder(): JournalState | undefined {
	const host = readProject()?.host;
	return host === undefined ? undefined : stateOf(host);
}

const scripts: Readonly<Record<(typeof shells)[number], string>> = {
	bash: `# Completion of boxwizard for bash.
_boxwizard() {
	local line words cword current
	# Hosts may hold colons, at which bash would cut them.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n : -w words -i cword
	else
		words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
	fi
	current=\${words[cword]}
	COMPREPLY=()
	while IFS= read -r line; do
		COMPREPLY+=("\${line%%$'\\t'*}")
	done < <("\${words[0]}" complete -- "\${words[@]:1:cword}" 2>/dev/null)
	if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$current"; fi
}
complete -o default -F _boxwizard boxwizard`,
	zsh: `#compdef boxwizard
# Completion of boxwizard for zsh.
_boxwizard() {
	local line
	local -a found
	while IFS= read -r line; do
		found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
	done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
	if (( \${#found} )); then _describe -t boxwizard boxwizard found; else _files; fi
}
if [[ \${funcstack[1]} == _boxwizard ]]; then _boxwizard "$@"; else compdef _boxwizard boxwizard; fi`,
	fish: `# Completion of boxwizard for fish.
function __boxwizard_complete
	set -l before (commandline -opc)
	set -l found ($before[1] complete -- $before[2..] (commandline -ct) 2>/dev/null)
	if test (count $found) -gt 0
		printf '%s\\n' $found
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c boxwizard -f -a '(__boxwizard_complete)'`,
};
