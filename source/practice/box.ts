import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {quote} from 'zx/core';
import {Trouble} from '../contract/trouble.ts';
import {attempt} from './command.ts';
import type {PracticeEngine} from './engines/engine.ts';
import {address, address6, boxPaths, type Place, servicesPaths} from './place.ts';
import {rootPassword} from './record.ts';
import {domainOf, updateScript} from './services/nameserver.ts';
import {commitWork} from './services/repository.ts';
import {describeServices} from './services/services.ts';
import type {BoxRecord, PracticeBox} from './types.ts';
import {until} from './wait.ts';

/** Seconds a box may take to boot: it takes less than one, a loaded machine more. */
export const bootSeconds = 60;

/**
 * What can be done with a box that runs, or ran.
 * @param remove takes the box away altogether
 */
export function openBox(
	engine: PracticeEngine,
	place: Place,
	record: BoxRecord,
	remove: () => Promise<void>,
): PracticeBox {
	const paths = boxPaths(place, record.name);
	const domain = domainOf(record.name);
	const services = async (what: string, script: string) => {
		await attempt(what, engine.servicesShell(place, script));
	};

	const box = {
		ipv4: address(place, record.host),
		ipv6: address6(place, record.host),
	};
	return {
		...describeServices(place),
		name: record.name,
		engine: record.engine,
		release: record.release,
		address: box.ipv4,
		address6: box.ipv6,
		port: 22,
		rootPassword: rootPassword(place, record),
		rootKeyFile: record.login === 'key' ? paths.key : undefined,
		domain,
		bootLog: paths.log,
		async updateZone(lines) {
			await services('Updating the practice zone', updateScript(lines));
		},
		async pointDomain(names = [domain]) {
			const lines = names.flatMap(name => [
				`update delete ${name}.`,
				`update add ${name}. 5 A ${box.ipv4}`,
				`update add ${name}. 5 AAAA ${box.ipv6}`,
			]);
			await services('Pointing the domain to the box', updateScript(lines));
		},
		async addDeployKey(publicKey) {
			await services(
				'Adding the deploy key',
				`cat >> /practice/deploy_keys <<'END'\nrestrict ${oneLine(publicKey)}\nEND\n`,
			);
		},
		async commit(message, files, branch = 'main') {
			writeWork(place, files);
			await services('Committing to the sample', commitWork(quote(message), quote(branch)));
		},
		console: async script => await attempt('A script on the box’s console', engine.console(place, record, script)),
		async reboot() {
			const before = await engine.bootMark(place, record);
			// The shell that asks for it may itself be cut off.
			await engine.console(place, record, 'systemctl reboot').catch(() => undefined);
			await until('the box to reboot', bootSeconds, async () => {
				const now = await engine.bootMark(place, record);
				return now !== undefined && now !== before;
			});
			await listening(engine, place, record);
		},
		kill: async () => await engine.kill(place, record),
		async boot() {
			if (await engine.running(place, record)) return;
			await engine.boot(place, record);
			await listening(engine, place, record);
		},
		stop: remove,
	};
}

/** Waits for sshd inside the box, on whatever port and behind whatever firewall it stands by now. */
async function listening(engine: PracticeEngine, place: Place, record: BoxRecord): Promise<void> {
	const script = 'ss -Hltnp | grep -qE \'"(sshd|systemd)"\' && echo yes';
	await until('SSH to answer again', bootSeconds, async () => await look(engine, place, record, script));
}

/** The output of a console script; nothing while the box is between two boots. */
async function look(
	engine: PracticeEngine,
	place: Place,
	record: BoxRecord,
	script: string,
): Promise<string | undefined> {
	try {
		return await engine.console(place, record, script);
	} catch {
		return undefined;
	}
}

function oneLine(publicKey: string): string {
	const line = publicKey.trim();
	if (/^(ssh|ecdsa|sk)-\S+ [\w+/=]+( .*)?$/.test(line) && !line.includes('\n')) return line;
	throw new Trouble({
		what: 'That is not one line of an OpenSSH public key.',
		means: 'The practice git host did not add it.',
		next: 'Give the content of a .pub file.',
		evidence: [line.slice(0, 60)],
		code: 'practice-deploy-key',
	});
}

function writeWork(place: Place, files: Readonly<Record<string, string>>): void {
	const work = join(servicesPaths(place).practice, 'work');
	for (const [path, content] of Object.entries(files)) {
		const file = join(work, normalize(join('/', path)));
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, content);
	}
}
