import {followCommand, restartCommand} from '../../../steps/control/programs.ts';
import {namesOnBox} from '../../../steps/process/programs.ts';
import {isDeclined, optionsOf} from '../../answers/answers.ts';
import {quote} from '../../contract/command.ts';
import type {Kind} from '../../contract/kind.ts';
import type {Summary} from '../../contract/ui/events.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import type {Outcome} from '../../contract/ui/wizard.ts';
import type {Plan} from '../../engine/engine.ts';
import {secretName} from '../../engine/run/complete.ts';
import {withSection} from '../../state/journal-state.ts';
import type {OpenSession} from '../boxes/box-session.ts';
import {appNameOf, secretsOf} from './setup-plan.ts';

/** How a run ended, and what the person needs from now on. Notes the certificate's end in the journal. */
export async function outcomeOf(
	plan: Plan,
	kind: Kind,
	setup: Setup,
	summary: Summary,
	open: OpenSession,
): Promise<Outcome> {
	const {domain} = setup.answers;
	const fine = summary.failed.length === 0;
	const host = typeof domain === 'string' && fine ? domain : open.box.host;
	const port = open.box.port === 22 ? '' : `-p ${open.box.port} `;
	const hasSite = !plan.steps.some(step => isDeclined(step, setup.answers));
	const hasNewDoor = plan.steps.some(({id, hazard}) => hazard === 'lockout' && summary.changed.includes(id));
	const served = typeof domain === 'string' && fine && hasSite;
	if (fine) noteSite(appNameOf(setup), hasSite, open);
	if (served) await noteCertificate(appNameOf(setup), domain, open);
	return {
		...(served && {url: `https://${domain}`}),
		login: `ssh ${port}${identityOption(open)}${open.box.user}@${host}`,
		commands: commandsOf(setup, hasSite),
		firstThings: fine ? firstThingsOf(kind, setup, open.box.host) : [],
		next: [...practiceNotes(open), ...(fine && !hasSite ? [withoutSite(setup)] : []), ...nextOf(fine, hasNewDoor)],
		secrets: await generatedSecrets(plan, setup, open),
	};
}

/** Keys that ssh offers by itself (IdentityFile, ssh_config(5)). */
const offered = /[\\/]\.ssh[\\/]id_(?:rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/;

function identityOption({door: {identity}}: OpenSession): string {
	return identity === undefined || offered.test(identity) ? '' : `-i ${quote(identity)} `;
}

/** For those who look at the sites of all apps from here. */
function noteSite(app: string | undefined, hasSite: boolean, {session}: OpenSession): void {
	if (app === undefined || (session.journal.read().apps[app]?.withoutSite ?? false) === !hasSite) return;
	session.journal.update(state => withSection(state, app, section => ({...section, withoutSite: !hasSite})));
}

/** For the days to expiry on the home screen; a site that can't be fetched now is no fault of the run. */
async function noteCertificate(app: string | undefined, domain: string, {box, session}: OpenSession): Promise<void> {
	const {certificate} = await box.outside
		.fetch(`https://${domain}/`, {method: 'HEAD', anyCertificate: true})
		.catch(() => ({certificate: undefined}));
	if (!certificate || app === undefined) return;
	const {expires} = certificate;
	session.journal.update(state => withSection(state, app, section => ({...section, certificateExpires: expires})));
}

function commandsOf({answers}: Setup, hasSite: boolean): Outcome['commands'] {
	const {app} = answers;
	if (typeof app !== 'string') return [];
	const manager = answers.supervisor === 'supervisor' ? 'supervisor' : 'systemd';
	return [
		{title: 'Restart the app', command: restartCommand(manager, namesOnBox(app, app))},
		{title: 'Read its log', command: followCommand(manager, app)},
		...(hasSite ? [{title: 'Reload the web server', command: 'sudo nginx -t && sudo systemctl reload nginx'}] : []),
	];
}

/** The web server that was there has its ports: whether it hands the app its visitors is up to it. */
function withoutSite({answers: {domain, appPort = 8000}}: Setup): string {
	return `The app answers on the box alone, at http://127.0.0.1:${String(appPort)}. Have the web server that is there hand it what is for ${String(domain)}.`;
}

function firstThingsOf(kind: Kind, setup: Setup, host: string): Outcome['firstThings'] {
	const app = appNameOf(setup);
	if (app === undefined) return [];
	return (kind.firstThings?.(setup.answers) ?? []).map(one => ({
		...one,
		app,
		command: `boxwizard run ${host} ${app} -- ${one.words.map(quote).join(' ')}`,
	}));
}

function nextOf(fine: boolean, hasNewDoor: boolean): string[] {
	if (!fine) return ['Run the same command again: what is in place is left alone, and it goes on where it stopped.'];
	return [
		...(hasNewDoor ? ['Log in once as your user, from another terminal, before you close this one.'] : []),
		'Look in now and then: boxwizard check tells whether all is still in place.',
		'Be told in time when a renewal fails: boxwizard reminders install',
	];
}

/** The address of a practice box is no use to a browser. */
function practiceNotes({session}: OpenSession): string[] {
	if (session.journal.read().practice === undefined) return [];
	return ['A practice box: only the name server beside it knows its name.'];
}

async function generatedSecrets(plan: Plan, setup: Setup, {session}: OpenSession): Promise<Outcome['secrets']> {
	const {vault} = session;
	const given = new Map(secretsOf(setup.answers));
	const options = optionsOf(plan.steps).filter(({kind, meta}) => kind === 'secret' && meta.generate !== undefined);
	const found = await Promise.all(
		options.map(async ({name, title, meta}) => {
			const secret = (await vault.get(secretName(plan.steps, name))) ?? given.get(name);
			const where = vault.where === 'memory' && meta.recall ? ('box' as const) : vault.where;
			return secret ? [{title, where, secret}] : [];
		}),
	);
	return found.flat();
}
