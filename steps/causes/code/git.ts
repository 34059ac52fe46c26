import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {deployKey} from '../../app/deployKey.ts';
import {release} from '../../app/release.ts';
import {ownCheckout} from '../../fixes/checkout.ts';
import {earlierCode} from '../../fixes/code.ts';

/** What git says when the code does not come. */
export const codeGit: readonly Cause[] = [
	{
		id: 'git/owner',
		title: ({path = 'the checkout'}) => `git runs as another user than the owner of ${path}.`,
		match: [
			/detected dubious ownership in repository at '(?<path>[^']+)'/,
			/fatal: unsafe repository \('(?<path>[^']+)' is owned by someone else\)/,
		],
		over: ['git/not-a-repository'],
		means:
			'git refuses a checkout of somebody else’s: its hooks and settings would run with your rights. Files in it were made as root, or the folder was given to another user.',
		next: 'Give the checkout to the user who pulls it, with all that is in it.',
		fixes: ({path = ''}, app) => ownCheckout(app, path),
	},
	{
		id: 'git/local-changes',
		title: 'A file that git knows was changed on the box, and the pull would overwrite it.',
		match: [
			/Your local changes to the following files would be overwritten by (?:merge|checkout)/,
			/The following untracked working tree files would be overwritten by (?:merge|checkout)/,
			/cannot pull with rebase: You have unstaged changes/,
		],
		means:
			'A SQLite file or uploads that are committed are changed by the app itself; or a setting was edited on the box. git keeps them rather than lose them.',
		next: 'Take files that the app writes out of git (git rm --cached, .gitignore) and keep them in a state folder. Edits: commit them on your machine.',
		fixes: (_, app) => earlierCode(app).slice(0, 1),
	},
	{
		id: 'git/diverged',
		title: 'The branch on the box and the one at the git host went different ways.',
		match: [
			/fatal: Not possible to fast-forward, aborting/,
			/fatal: Need to specify how to reconcile divergent branches/,
			/\[rejected\].*\((?:non-fast-forward|fetch first)\)/,
			/refusing to merge unrelated histories/,
		],
		means: 'Commits were made on the box, or the branch was rewritten (force-push).',
		next: 'boxwizard takes the branch as the git host has it; commits made on the box must be brought there first.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(release, 'Fetch the code again')] : []),
	},
	{
		id: 'git/conflict',
		title: 'Marks of a merge that was not finished stand in the code.',
		match: [
			/^CONFLICT \((?:content|modify\/delete|add\/add)\): /,
			/error: (?:Pulling|Merging|Committing) is not possible because you have unmerged files/,
		],
		means: 'Two changes of the same lines met, and nobody has decided between them.',
		next: 'Finish the merge on your machine, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'git/publickey',
		title: 'The git host does not know the key of the box.',
		match: [
			/git@(?<host>[\w.-]+): Permission denied \((?:publickey|publickey,[\w,-]+)\)/,
			/Permission denied \(publickey\)/,
			/ERROR: The key you are authenticating with has been marked as read only/,
		],
		beside: /git|remote repository|fatal: /i,
		over: ['git/unreadable', 'git/not-found', 'files/permission'],
		means:
			'The repository is private (or fetched by ssh), and the box’s deploy key is not among the keys of the repository, or was taken away.',
		next: 'Add the box’s deploy key to the repository, read-only. boxwizard shows it in the step “Deploy key”.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(deployKey, 'Make or show the deploy key')] : []),
	},
	{
		id: 'git/not-found',
		title: 'The git host knows no such repository, or does not show it to the box.',
		match: [
			/ERROR: Repository not found/,
			/remote: Repository not found/,
			/fatal: repository '(?<address>[^']+)' (?:does not exist|not found)/,
			/remote: (?:The project you were looking for could not be found|HTTP Basic: Access denied)/,
		],
		over: ['git/unreadable'],
		means:
			'The address is misspelled, the repository was renamed, or it is private and the deploy key belongs to another one.',
		next: 'Compare the address with the one at the git host; a private one needs the box’s deploy key.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(deployKey, 'Make or show the deploy key')] : []),
	},
	{
		id: 'git/https-login',
		title: 'The git host asks for a name and a password.',
		match: [
			/fatal: could not read Username for '(?<address>[^']+)'/,
			/Support for password authentication was removed/,
			/fatal: Authentication failed for '(?<address>[^']+)'/,
			/remote: Invalid username or (?:password|token)/,
		],
		over: ['git/unreadable', 'python/private-source'],
		unless: /pip|uv |Collecting |subprocess-exited/,
		means: 'A private repository over https:// asks for a token, and the box has none; passwords are no longer taken.',
		next: 'Take the address that begins with git@ (ssh): the box has a deploy key for it.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(deployKey, 'Make or show the deploy key')] : []),
	},
	{
		id: 'git/host-key',
		title: 'The box does not know the key of the git host, or another one answers.',
		match: [
			/Host key verification failed/,
			/WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED/,
			/No \S+ host key is known for (?<host>\S+) and you have requested strict checking/,
		],
		over: ['git/unreadable'],
		means:
			'ssh speaks only with a host whose key it knows. A changed one may be an attack, or the host renewed its keys.',
		next: 'Compare the fingerprint with the one that the git host publishes.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(deployKey, 'Make or show the deploy key')] : []),
	},
	{
		id: 'git/no-branch',
		title: ({name}) => `The repository has no branch ${name ?? 'of that name'}.`,
		match: [
			/fatal: [Rr]emote branch (?<name>\S+) not found in upstream/,
			/fatal: couldn't find remote ref (?:refs\/heads\/)?(?<name>\S+)/,
			/error: pathspec '(?<name>[^']+)' did not match any file\(s\) known to git/,
			/fatal: ambiguous argument '(?<name>[^']+)': unknown revision/,
		],
		means: 'It was renamed (master became main), merged and deleted, or never pushed.',
		next: 'Name the branch that goes live (option “Branch”), or push it.',
	},
	{
		id: 'git/not-a-repository',
		title: 'The folder is no git checkout.',
		match: [
			/fatal: not a git repository \(or any (?:of the parent directories|parent up to mount point)/,
			/fatal: '(?<address>[^']+)' does not appear to be a git repository/,
		],
		over: ['git/unreadable'],
		means: 'The code was copied there by hand, .git was taken away, or the command ran in another folder.',
		next: 'Let boxwizard fetch the code from its repository.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(release, 'Fetch the code again')] : []),
	},
	{
		id: 'git/lock',
		title: 'Another git is at work in the checkout, or was cut off.',
		match: [
			/fatal: Unable to create '(?<path>[^']+\.lock)': File exists/,
			/Another git process seems to be running in this repository/,
		],
		means: 'A lock file stands there. If no git runs, it was left by one that was killed.',
		next: 'Wait a moment, then try again.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(release, 'Fetch the code again')] : []),
	},
	{
		id: 'git/lfs',
		title: 'Files of the repository are kept in Git LFS, and did not come.',
		match: [
			/git-lfs(?:: command not found| filter-process)|git: 'lfs' is not a git command/,
			/external filter 'git-lfs filter-process' failed/,
			/This repository is over its data quota/,
			/smudge filter lfs failed/,
		],
		means: 'Large files are only pointers in the repository; git-lfs fetches them, and is not on the box or may not.',
		next: 'Install git-lfs on the box, or keep those files elsewhere.',
	},
	{
		id: 'git/submodule',
		title: ({path}) => `The submodule ${path ?? ''} could not be fetched.`.replace('  ', ' '),
		match: [
			/fatal: clone of '\S+' into submodule path '(?<path>[^']+)' failed/,
			/fatal: No url found for submodule path '(?<path>[^']+)' in \.gitmodules/,
			/Failed to clone '(?<path>[^']+)'\. Retry scheduled/,
		],
		means: 'A submodule is a repository of its own: a private one needs a key of its own.',
		next: 'Make it readable for the box, or put its files into the repository.',
	},
	{
		id: 'git/unreadable',
		depth: 'after',
		title: 'git could not read from the repository.',
		match: [
			/fatal: Could not read from remote repository/,
			/fatal: unable to access '(?<address>[^']+)': /,
			/fatal: (?:early EOF|the remote end hung up unexpectedly|fetch-pack: invalid index-pack output)/,
			/error: RPC failed; /,
		],
		means: 'The line before it says why: the key, the address, or the way there.',
		next: 'Compare the address with the one at the git host, and see that the box may connect out.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(deployKey, 'Make or show the deploy key')] : []),
	},
];
