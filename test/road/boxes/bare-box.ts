import {execFileSync} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {PracticeStart} from '../../../source/cli/wizard/joined-wizard.ts';
import {meansOfBox} from '../../../source/cli/wizard/practice-answers.ts';
import {Secret} from '../../../source/contract/secret.ts';
import {
	chooseEngine,
	localRepository,
	type PracticeBox,
	type Release,
	startPracticeBox,
} from '../../../source/practice/index.ts';
import {openJournal} from '../../../source/state/journal.ts';
import {type Ended, newPerson, type Person} from '../visitors/person.ts';

/** A box as a provider hands it over, the person whose it is, and a git host with repositories of theirs. */
export type BareBox = {
	readonly box: PracticeBox;
	readonly person: Person;
	/** Commits a folder as it stands to the main branch of their repository of that name, which is made at the first time. @returns its address */
	readonly publish: (name: string, folder: string) => string;
	/** `boxwizard setup` in lines, with what a person gives: repository, domain, key, user and e-mail. */
	readonly setUp: (repository: string, more?: readonly string[]) => Promise<Ended>;
	/** `boxwizard add` likewise, under a domain of its own, which points to the box. @returns also that domain */
	readonly add: (
		app: string,
		repository: string,
		more?: readonly string[],
	) => Promise<Ended & {readonly domain: string}>;
	/** Any other command about the box. */
	readonly run: (command: string, more?: readonly string[]) => Promise<Ended>;
	readonly remove: () => Promise<void>;
};

export async function bareBox(name: string, release: Release = 'bookworm'): Promise<BareBox> {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	const box = await startPracticeBox({name, release});
	const person = newPerson();
	const start = await meansOfBox(box);
	// The way in is known, and nothing else: the rest is said to `setup`.
	openJournal(box.address, box.port, join(person.file('boxwizard'), 'hosts')).update(state => ({
		...state,
		practice: name,
	}));
	const given = wordsOf(start, person);
	const target = `root@${box.address}`;
	return {
		box,
		person,
		publish: (repository, folder) => publish(box, repository, folder),
		setUp: async (repository, more = []) =>
			await person.run(['setup', target, '--repository', repository, ...given, '--plain', '--yes', ...more]),
		async add(app, repository, more = []) {
			const domain = `${app}.${box.zone}`;
			const words = ['--repository', repository, '--set', `domain=${domain}`, '--plain', '--yes', ...more];
			return {...(await person.run(['add', target, '--set', `app=${app}`, ...words])), domain};
		},
		run: async (command, more = []) => await person.run([command, target, ...more, '--plain']),
		async remove() {
			person.leave();
			await box.stop();
		},
	};
}

/** The flags that say what a person knows, and where practice differs from the world: name server and certificate authority. */
function wordsOf({answers, connection}: PracticeStart, person: Person): string[] {
	const {app: _app, repository: _repository, database: _database, acmeCa, ...known} = answers;
	const authority = person.file('acme-ca.pem');
	writeFileSync(authority, String(acmeCa));
	const words = Object.entries(known).flatMap(([option, value]) => {
		if (!(value instanceof Secret)) return ['--set', `${option}=${Array.isArray(value) ? value.join('\n') : value}`];
		const file = person.file(`secret-${option}`);
		writeFileSync(file, value.reveal(), {mode: 0o600});
		return ['--secret', `${option}=${file}`];
	});
	return [...words, '--acme-ca', authority, ...(connection.hostKey ? ['--host-key', connection.hostKey] : [])];
}

function publish(box: PracticeBox, name: string, folder: string): string {
	const host = dirname(localRepository(box.repository) ?? '');
	const repository = join(host, `${name}.git`);
	const author = ['-c', 'user.name=Jessica', '-c', `user.email=jessica@${box.zone}`, '-c', 'core.autocrlf=false'];
	const git = (...words: readonly string[]) =>
		execFileSync('git', [...author, `--git-dir=${repository}`, `--work-tree=${folder}`, ...words], {encoding: 'utf8'});
	execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
	git('add', '--all', '--force', '--', '.', ':!.git');
	git('commit', '--quiet', '--message', 'As it stands');
	execFileSync('chmod', ['-R', 'a+rX', repository]);
	chmodSync(host, 0o755);
	return box.repository.replace(/[^/]+$/, `${name}.git`);
}
