import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {Summary} from '../../../source/contract/ui/events.ts';
import {chooseEngine, type PracticeBox, startPracticeBox} from '../../../source/practice/index.ts';
import {newPerson, type Person} from '../visitors/person.ts';
import type {Told, Wanted} from './guarded-wizard.ts';
import {SecondHost} from './second-host.ts';

const program = fileURLToPath(new URL('guarded-wizard.ts', import.meta.url));
export const guardFolder = '/var/lib/boxwizard/guard';

export type GuardedWizard = {
	readonly process: ChildProcess;
	readonly told: Told[];
	/** Comes true when the engine tells this; false when the wizard ends without. */
	readonly tells: (words: string) => Promise<boolean>;
	/** SIGKILL; it has no children. */
	readonly kill: () => Promise<void>;
	readonly ended: Promise<void>;
};

/** A bare box whose root logs in by password, a person, and wizards of theirs in processes of their own. */
export class GuardedBox {
	readonly box: PracticeBox;
	readonly person: Person;
	/** A key that jessica may have, and whose private half is nowhere. */
	readonly foreignKey: string;
	readonly #hostKey: string;
	readonly #wizards = new Set<ChildProcess>();

	private constructor(box: PracticeBox, person: Person, hostKey: string, foreignKey: string) {
		this.box = box;
		this.person = person;
		this.#hostKey = hostKey;
		this.foreignKey = foreignKey;
	}

	static async open(name: string): Promise<GuardedBox> {
		const engine = await chooseEngine();
		await engine.installPackages(() => undefined);
		const box = await startPracticeBox({name, login: 'password', release: 'bookworm'}, () => undefined);
		const person = newPerson();
		const hostKey = (await box.console("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2")).trim();
		const file = person.file('foreign');
		execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'foreign', '-f', file]);
		const foreignKey = readFileSync(`${file}.pub`, 'utf8').trim();
		rmSync(file);
		return new GuardedBox(box, person, hostKey, foreignKey);
	}

	async close(): Promise<void> {
		for (const wizard of this.#wizards) wizard.kill('SIGKILL');
		this.person.leave();
		await this.box.stop();
	}

	/** @param port of the new way in */
	secondHost(port?: number): SecondHost {
		return new SecondHost(this.person, this.box.address, this.box.rootPassword?.reveal() ?? '', port);
	}

	/** A wizard at work with the real engine over the real transport. @param laptop whose memory it has */
	startWizard(other: Partial<Wanted> = {}, laptop = 'boxwizard'): GuardedWizard {
		const {box, person} = this;
		const wanted: Wanted = {
			target: `root@${box.address}`,
			password: box.rootPassword?.reveal() ?? '',
			identity: person.file('.ssh/id_ed25519'),
			hostKey: this.#hostKey,
			knownHosts: person.file('known_hosts'),
			vaultFile: person.file('vault'),
			authorizedKeys: [person.publicKey],
			leftOut: [],
			...other,
		};
		const env = {...process.env, HOME: person.home, BOXWIZARD_HOME: person.file(laptop), SSH_AUTH_SOCK: ''};
		const child = spawn(process.execPath, [program], {env, stdio: ['pipe', 'pipe', 'inherit']});
		this.#wizards.add(child);
		const told: Told[] = [];
		const listeners = new Set<() => void>();
		const lines = createInterface(child.stdout);
		lines.on('line', line => {
			told.push(JSON.parse(line) as Told);
			for (const listener of listeners) listener();
		});
		const ended = new Promise<void>(resolve => {
			lines.on('close', () => {
				this.#wizards.delete(child);
				resolve();
			});
		});
		child.stdin.end(JSON.stringify(wanted));
		const heard = (words: string) =>
			new Promise<true>(resolve => {
				const listener = () => inWords(told).includes(words) && resolve(true);
				listeners.add(listener);
				listener();
			});
		return {
			process: child,
			told,
			tells: async words => await Promise.race([heard(words), ended.then(() => false)]),
			kill: async () => {
				child.kill('SIGKILL');
				await ended;
			},
			ended,
		};
	}

	async walk(other: Partial<Wanted> = {}): Promise<readonly Told[]> {
		const wizard = this.startWizard(other);
		await wizard.ended;
		return wizard.told;
	}

	/** All of /etc, a line for each path and one for each content. */
	async etc(): Promise<ReadonlySet<string>> {
		const text = await this.box.console(
			`find /etc -printf '%p %m %u:%g %y %l\\n'; find /etc -type f -exec sha256sum {} +`,
		);
		return new Set(text.split('\n'));
	}

	/** Ends when the guard is cleared away, after at most so many seconds. Answers which way it was decided. */
	async guardDecided(seconds: number): Promise<string> {
		const script = `for _ in $(seq ${seconds * 5}); do [ -e ${guardFolder}/revert ] || break; sleep 0.2; done; ls ${guardFolder}`;
		return (await this.box.console(script)).trim();
	}
}

/** What was told, but for output and looks: 'arming ssh/hardening', 'failed firewall/ufw: job-failed'. */
export function inWords(told: readonly Told[]): string[] {
	return told.flatMap(event => {
		if (event.type === 'output' || event.type === 'checking') return [];
		if (event.type === 'failed') return [`failed ${event.step}: ${event.trouble.code}`];
		if (event.type === 'trouble') return [`trouble: ${event.code}`];
		return 'step' in event ? [`${event.type} ${event.step}`] : [event.type];
	});
}

export function summaryOf(told: readonly Told[]): Summary | undefined {
	return told.flatMap(event => (event.type === 'done' ? [event.summary] : []))[0];
}
