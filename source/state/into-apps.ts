import {qualified} from '../contract/step-id.ts';
import type {RawJournal} from './journal-versions.ts';

/** The steps of version 1 that belong to the box, and what they are called since. All others belonged to the one app. */
const boxSteps: Readonly<Record<string, string>> = {
	'system/ready': 'system/ready',
	'system/clock': 'system/clock',
	'system/swap': 'system/swap',
	'system/locale': 'system/locale',
	'system/hostname': 'system/hostname',
	'system/upgrade': 'system/upgrade',
	'system/basePackages': 'system/basePackages',
	'system/unattendedUpgrades': 'system/unattendedUpgrades',
	'system/reboot': 'system/reboot',
	'account/adminUser': 'account/adminUser',
	'account/authorizedKeys': 'account/authorizedKeys',
	'ssh/hardening': 'ssh/hardening',
	'ssh/fail2ban': 'ssh/fail2ban',
	'firewall/ufw': 'firewall/ufw',
	'app/packages': 'services/packages',
	'mail/postfix': 'mail/postfix',
	'search/elasticsearch': 'services/elasticsearch',
	'tls/renewal': 'tls/renewal',
	'tls/reminder': 'tls/reminder',
};

/** The answers of version 1 that belong to the box. */
const boxAnswers: ReadonlySet<string> = new Set([
	'locale',
	'upgrade',
	'automaticReboot',
	'user',
	'sudo',
	'authorizedKeys',
	'sshPort',
	'neverBan',
	'email',
	'mail',
	'relayHost',
	'relayPort',
	'relayUser',
	'acmeServer',
	'acmeCa',
	'reminder',
	'buildTools',
]);

/** Files that an app's step kept the original of, and that a step of the box looks after now. */
const originals = [
	{path: '/etc/nginx/sites-enabled/default', from: 'web/nginx', to: 'services/nginx'},
	{path: '/etc/letsencrypt/acme-ca.pem', from: 'tls/certificate', to: 'tls/authority'},
];

type Answers = Readonly<Record<string, unknown>>;
type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Makes the journal of a box of one app (version 1) into one of a box and its apps (version 2). Pure. @throws SyntaxError where it is damaged */
export function intoApps(raw: RawJournal): RawJournal {
	const {recipe, answers, leftOut, steps, fixes, road, domain, certificateExpires, job, seconds, ...rest} = raw;
	refuseDamaged(raw);
	// The name stood beside the answers before it stood among them.
	const given: Answers = {...(domain !== undefined && {domain}), ...(answers as Answers)};
	const records = steps as Entries;
	const app: string | undefined = typeof given.app === 'string' && given.app !== '' ? given.app : undefined;
	const split = <Value>(of: Readonly<Record<string, Value>>, isBox: (name: string) => boolean) => {
		const pairs = Object.entries(of);
		return {
			box: Object.fromEntries(pairs.filter(([name]) => isBox(name))),
			app: Object.fromEntries(pairs.filter(([name]) => !isBox(name))),
		};
	};

	const ofBox = (id: string) => boxStep(id, given);
	const splitSteps = split(records, id => ofBox(id) !== undefined || id.startsWith('fix/'));
	const splitAnswers = split(given, name => boxAnswers.has(name));
	const left = leftOut as readonly string[];
	const name = given.domain;
	const appAnswers = app === undefined ? splitAnswers.app : {appPort: 8000, ...splitAnswers.app};
	const own = {
		kind: 'python',
		answers: appAnswers,
		leftOut: left.filter(id => ofBox(id) === undefined),
	};
	const isBegun = typeof recipe === 'string' || Object.keys(splitAnswers.app).length > 0;
	const box = {
		answers: {...splitAnswers.box, ...(typeof name === 'string' && {hostname: name})},
		leftOut: left.flatMap(id => ofBox(id) ?? []),
		steps: {
			...Object.fromEntries(Object.entries(splitSteps.box).map(([id, record]) => [ofBox(id) ?? id, record])),
			...takenOver(records, given),
		},
		...(fixes !== undefined && {fixes}),
	};
	return {
		...rest,
		version: 2,
		box,
		apps:
			app === undefined
				? {}
				: {[app]: {...own, steps: splitSteps.app, ...(certificateExpires !== undefined && {certificateExpires})}},
		...(app === undefined && isBegun && {draft: own}),
		...(road !== undefined && {progress: road}),
		...(isObject(job) && {job: {...job, step: recordIn(app, String(job.step), given)}}),
		...(isObject(seconds) && {
			seconds: Object.fromEntries(Object.entries(seconds).map(([id, took]) => [ofBox(id) ?? id, took])),
		}),
		unmoved: {
			...(app !== undefined && {app}),
			folders: Object.keys(records).map(id => [
				`steps/${id}`,
				ofBox(id) !== undefined || id.startsWith('fix/') ? `box/${ofBox(id) ?? id}` : `apps/${app}/${id}`,
			]),
			originals: (app === undefined ? [] : originals).map(({path, from, to}) => ({
				path,
				from: `apps/${app}/${from}`,
				to: `box/${to}`,
			})),
		},
	};
}

/** The record id of a step of version 1 (step-id.ts). */
function recordIn(app: string | undefined, id: string, given: Answers): string {
	return boxStep(id, given) ?? qualified(app, id);
}

/** What is damaged is told, not moved about. @throws SyntaxError */
function refuseDamaged({answers, leftOut, steps}: RawJournal): void {
	const faults = [
		isObject(answers) ? [] : ['answers is no object'],
		Array.isArray(leftOut) && leftOut.every(id => typeof id === 'string') ? [] : ['leftOut is no list of steps'],
		isObject(steps) && Object.values(steps).every(isObject) ? [] : ['steps does not hold steps'],
	].flat();
	if (faults.length > 0) throw new SyntaxError(faults.join(', '));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a step of the box is called since; undefined for one of the app. */
function boxStep(id: string, {database}: Answers): string | undefined {
	if (id === 'database/server') return database === 'postgresql' ? 'services/postgresql' : 'services/mysql';
	return boxSteps[id];
}

/** Records of the steps that look after what an app's step did until now. */
function takenOver(records: Entries, {acmeCa}: Answers): Readonly<Record<string, unknown>> {
	const site = records['web/nginx'];
	const certificate = records['tls/certificate'];
	const before = (record: Readonly<Record<string, unknown>> | undefined) =>
		(record?.before ?? {}) as Readonly<Record<string, unknown>>;
	return {
		...(site?.before !== undefined && {
			'services/nginx': {...site, seconds: 0, before: {stock: before(site).stock === true}},
		}),
		...(certificate?.before !== undefined &&
			typeof acmeCa === 'string' &&
			acmeCa !== '' && {'tls/authority': {...certificate, seconds: 0, before: {file: null}}}),
	};
}
