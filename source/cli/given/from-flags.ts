import {userInfo} from 'node:os';
import {optionsOf} from '../../answers/answers.ts';
import {readAnswersFile} from '../../answers/answers-file.ts';
import {didYouMean} from '../../answers/nearest.ts';
import type {Option} from '../../answers/option.ts';
import type {Catalogue} from '../../contract/kind.ts';
import {Secret} from '../../contract/secret.ts';
import type {Step} from '../../contract/step.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import {type GivenPasswords, readPasswords} from '../terminal/ask-nobody.ts';
import type {Beginning} from '../wizard/joined-wizard.ts';
import type {ConnectionOptions} from './connection-options.ts';
import {kindNamed, stepIds, stepsFor} from './kinds.ts';
import {readGivenFile} from './read-file.ts';

/** The flags of commands that connect to a box, as commander hands them over. */
export type BoxFlags = {
	readonly identity?: string;
	readonly hostKey?: string;
	readonly knownHosts?: string;
	readonly passwordStdin?: boolean;
	readonly resolver?: string;
	readonly acmeCa?: string;
	readonly acmeServer?: string;
	readonly kind?: string;
	readonly answers?: string;
	readonly repository?: string;
	readonly set?: readonly string[];
	readonly secret?: readonly string[];
	readonly leaveOut?: readonly string[];
	readonly plain?: boolean;
	readonly json?: boolean;
	readonly yes?: boolean;
	readonly stopJob?: boolean;
	readonly verbose?: boolean;
};

export type FromFlags = Beginning & {readonly leftOut: readonly string[]; readonly passwords: GivenPasswords};

/** Reads all that the flags point to. @throws Trouble naming what is wrong in them */
export async function fromFlags(flags: BoxFlags): Promise<FromFlags> {
	const {catalogue} = await import('../../../steps/index.ts');
	const file = flags.answers === undefined ? undefined : await readAnswers(flags.answers, catalogue, flags.kind);
	const named = flags.kind ?? file?.kind;
	const steps = stepsFor(catalogue, kindNamed(catalogue, named));
	const acmeCa = flags.acmeCa === undefined ? undefined : await readCertificate(flags.acmeCa);
	const leftOut = stepIds(steps, flags.leaveOut ?? []);
	const answers: Answers = {
		...file?.answers,
		...readSettings(settingsOf(flags), steps),
		...(await readSecrets(flags.secret ?? [], steps)),
		...(flags.acmeServer !== undefined && {acmeServer: flags.acmeServer}),
		...(acmeCa !== undefined && {acmeCa}),
	};
	const passwords = flags.passwordStdin ? await readPasswords(process.stdin) : {};
	return {
		catalogue,
		answers,
		leftOut,
		passwords,
		connection: meansOf(flags, acmeCa, passwords, answers.sudoPassword),
		...(named !== undefined && {kind: named}),
		...(flags.stopJob && {stopJob: true}),
	};
}

function meansOf(
	{identity, hostKey, knownHosts, resolver}: BoxFlags,
	acmeCa: string | undefined,
	{password}: GivenPasswords,
	sudoPassword: unknown,
): ConnectionOptions {
	return {
		...(identity !== undefined && {identity}),
		...(hostKey !== undefined && {hostKey}),
		...(knownHosts !== undefined && {knownHosts}),
		...(resolver !== undefined && {resolver}),
		...(acmeCa !== undefined && {acmeCa}),
		...(password && {password}),
		...(sudoPassword instanceof Secret && {sudoPassword}),
	};
}

async function readAnswers(path: string, catalogue: Catalogue, kind: string | undefined) {
	return readAnswersFile(await readGivenFile(path, 'answers file'), path, catalogue, kind);
}

async function readCertificate(path: string): Promise<string> {
	const text = await readGivenFile(path, 'CA certificate');
	if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
	throw new Trouble({
		what: `${path} is no CA certificate.`,
		means: '--acme-ca takes a PEM file, with “-----BEGIN CERTIFICATE-----” in it. Nothing was done.',
		next: 'Convert it: openssl x509 -inform DER -in FILE -out ca.pem',
		code: 'bad-certificate',
	});
}

/** What has a flag of its own is an option like any other. */
function settingsOf({repository, set = []}: BoxFlags): readonly string[] {
	return [...(repository === undefined ? [] : [`repository=${repository}`]), ...set];
}

/** The answers of --set option=value. */
function readSettings(settings: readonly string[], steps: readonly Step[]): Answers {
	const pairs = settings.map(setting => {
		const {option, text} = splitSetting(setting, steps);
		if (option.kind === 'secret') {
			const means = 'Everyone on this machine can read the words of a command.';
			throw badSetting(`“${option.name}” is a secret.`, `${means} Give a file: --secret ${option.name}=FILE`);
		}

		const value = option.fromText(text);
		const problem = option.problem(value);
		if (problem !== undefined) throw badSetting(`--set ${setting} does not fit.`, problem);
		return [option.name, value];
	});
	return Object.fromEntries(pairs);
}

/** The answers of --secret option=FILE, without the file's last newline. */
async function readSecrets(settings: readonly string[], steps: readonly Step[]): Promise<Answers> {
	const read = settings.map(async setting => {
		const {option, text} = splitSetting(setting, steps);
		if (option.kind !== 'secret') {
			throw badSetting(`“${option.name}” is no secret.`, `Give it with --set ${option.name}=…`);
		}

		return [option.name, new Secret((await readGivenFile(text, 'secret')).replace(/\r?\n$/, ''))] as const;
	});
	return Object.fromEntries(await Promise.all(read));
}

function splitSetting(setting: string, steps: readonly Step[]): {readonly option: Option; readonly text: string} {
	const [name = ''] = setting.split('=', 1);
	const options = optionsOf(steps).filter(({meta}) => !meta.derived);
	const option = options.find(candidate => candidate.name === name);
	if (option) return {option, text: setting.slice(name.length + 1)};
	const names = options.map(candidate => candidate.name);
	throw badSetting(`There is no option “${name}”.`, didYouMean(name, names));
}

function badSetting(what: string, next: string): Trouble {
	return new Trouble({what, means: 'Nothing was done.', next, code: 'bad-option'});
}

/** What a person's forms begin with, beside the defaults: their own user name and first public key. */
export async function suggested(): Promise<Answers> {
	const {localKeys} = await import('../../state/local-keys.ts');
	const [key] = await localKeys();
	const {username} = userInfo();
	return {
		...(/^[a-z][a-z0-9_-]{0,31}$/.test(username) && username !== 'root' && {user: username}),
		...(key && {authorizedKeys: [key.line]}),
	};
}
