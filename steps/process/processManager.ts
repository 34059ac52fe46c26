import {quote} from '../../source/contract/command.ts';
import {fileIs} from '../../source/contract/file-fact.ts';
import type {FileFact, Hand, Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {mainProcess} from './mainProcess.ts';
import {type ProcessManager, type Program, releaseOf} from './program.ts';
import {type Slot, slotProgram} from './slots.ts';
import {logPath, supervisorProgram} from './supervisorProgram.ts';
import {systemdUnit} from './unit.ts';

/** Where a process manager has a program's configuration. */
export function configurationPath(manager: ProcessManager, name: string): string {
	return manager === 'supervisor' ? `/etc/supervisor/conf.d/${name}.conf` : `/etc/systemd/system/${name}.service`;
}

export const otherManager = (manager: ProcessManager): ProcessManager =>
	manager === 'supervisor' ? 'systemd' : 'supervisor';

/** Where the other process manager would have the programs of an app's two slots. */
export function otherConfigurations(manager: ProcessManager, app: string): Readonly<Record<Slot, string>> {
	const path = (slot: Slot) => configurationPath(otherManager(manager), slotProgram(app, slot));
	return {first: path('first'), second: path('second')};
}

/** How a program stands: not running; running an older release, or settings or packages that are no longer the newest ('stale'); or up to date. */
export type Running = 'no' | 'stale' | 'yes';

export type ProgramFacts = {readonly file: FileFact | null; readonly other: boolean; readonly running: Running};

const runnings: readonly Running[] = ['stale', 'yes'];

/**
 * started PID: when it was, for find(1) (field 22 of proc(5)'s stat, in hundredths of a second since boot). newer PID FILE…: whether
 * one of the files is newer than the process.
 */
export const processFunctions = () => `started() {
local stat uptime
stat=$(</proc/$1/stat); read -r uptime _ </proc/uptime; set -- \${stat##*) }
echo "@$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))"
}
newer() { local pid=$1; shift; [ -n "$(find -L "$@" -newermt "$(started "$pid")" -print -quit)" ]; }`;

/** A program, and what it reads at its start. */
export type LookedAt = Pick<Program, 'name' | 'app' | 'slot'> & {readonly files: readonly string[]};

export async function readProgram($: Probe, manager: ProcessManager, program: LookedAt): Promise<ProgramFacts> {
	const [file, other, [running = 'no']] = await Promise.all([
		$.file(configurationPath(manager, program.name)),
		$.file(configurationPath(otherManager(manager), program.name)),
		readRunning($, manager, [program]),
	]);
	return {file, other: other !== null, running};
}

/** How programs stand, by one question. */
export async function readRunning(
	$: Probe,
	manager: ProcessManager,
	programs: readonly LookedAt[],
): Promise<readonly Running[]> {
	const text = `${processFunctions()}\n${programs.map(program => runningText(manager, program)).join('\n')}`;
	const words = (await $`bash -c ${text}`).split('\n');
	return programs.map((_, index) => runnings.find(word => word === words[index]) ?? 'no');
}

/**
 * Bash text that prints how a program stands. Its working directory tells which release it runs (where it has left that, its start does), its
 * start whether it has read the files as they are now.
 */
function runningText(manager: ProcessManager, program: LookedAt): string {
	const {live, releases, current} = pathsOf(program.app);
	const release = releaseOf(program);
	return `stands() {
	local pid runs link
	pid=$(${mainProcess(manager, program.name)})
	case $pid in '') echo no; return ;; next) echo yes; return ;; esac
	runs=$(readlink "/proc/$pid/cwd")
	case $runs in
		${releases}/*) runs=\${runs#${releases}/}; runs=${releases}/\${runs%%/*} ;;
		*)
			link=${release}; if [ "$link" = ${current} ] && [ -e ${live} ]; then link=$(readlink -e ${live})/release; fi
			if [ -z "$(find "$link" -maxdepth 0 -newerct "$(started "$pid")")" ]; then runs=${release}; fi ;;
	esac
	if newer "$pid" ${program.files.map(quote).join(' ')} || ! [ "$runs" -ef ${release} ] || newer "$pid" ${release}/venv/installed; then echo stale; else echo yes; fi
}
stands`;
}

export function isInstalled(facts: ProgramFacts, manager: ProcessManager, program: Program): boolean {
	return facts.running === 'yes' && !facts.other && hasConfiguration(facts, manager, program);
}

function hasConfiguration({file}: ProgramFacts, manager: ProcessManager, program: Program): boolean {
	return fileIs(file, configuration(manager, program));
}

/** Writes a program's configuration, where it is another one, so that its manager knows it. Under supervisor it starts with it. */
export function writeConfiguration($: Hand, facts: ProgramFacts, manager: ProcessManager, program: Program): void {
	if (facts.other) uninstall($, otherManager(manager), program.name);
	if (!hasConfiguration(facts, manager, program))
		$.file(configurationPath(manager, program.name), configuration(manager, program));
	if (manager === 'systemd') {
		// Each reads all units of the box anew, which takes longer than all else here: a deploy changes none.
		$`if [ "$(systemctl show -P NeedDaemonReload -- ${program.name})" != no ]; then systemctl daemon-reload; fi`;
		$`if ! systemctl is-enabled --quiet -- ${program.name}; then systemctl enable --quiet -- ${program.name}; fi`;
		return;
	}

	// `update` starts what is new and restarts what has changed; all else goes on.
	$`supervisorctl update ${program.name}`;
}

/** Has a program's configuration there again where it has gone; one that is there stays as it is, and as old as it is. */
export function bringBackConfiguration($: Hand, manager: ProcessManager, program: Program): void {
	const path = configurationPath(manager, program.name);
	const kept = `/run/boxwizard/${program.name}.configuration`;
	$.file(kept, configuration(manager, program));
	const known = manager === 'systemd' ? ['systemctl', 'daemon-reload'] : ['supervisorctl', 'update', program.name];
	$`if [ ! -e ${path} ]; then mv ${kept} ${path}; ${known}; else rm ${kept}; fi`;
}

/** Writes a program's configuration and (re)starts it, no more than needed. Whether it stays up is for `verify` to say, with its last lines. */
export function install($: Hand, facts: ProgramFacts, manager: ProcessManager, program: Program): void {
	writeConfiguration($, facts, manager, program);
	if (manager === 'systemd') {
		$`systemctl restart --no-block ${program.name}`;
		return;
	}

	const known = hasConfiguration(facts, manager, program);
	if (known && facts.running === 'stale') $`supervisorctl restart ${program.name} || true`;
	if (known && facts.running === 'no') $`supervisorctl start ${program.name} || true`;
}

/** Stops a program and takes its configuration away. */
export function uninstall($: Hand, manager: ProcessManager, name: string): void {
	if (manager === 'systemd') {
		$`if systemctl cat --quiet -- ${name} >/dev/null 2>&1; then systemctl disable --now --quiet -- ${name}; fi`;
		$.remove(configurationPath(manager, name));
		$`systemctl daemon-reload`;
		return;
	}

	$.remove(configurationPath(manager, name));
	// It refuses a name that it knows no more, as after a boot without that file. Where it rests it runs nothing; where it has just
	// started it answers in a moment.
	$`if systemctl is-active --quiet supervisor; then
	for _ in {1..50}; do if supervisorctl pid > /dev/null 2>&1; then break; fi; sleep 0.2; done
	if { supervisorctl status || true; } | grep -qE ${`^${name}(:| )`}; then supervisorctl update ${name}; fi
fi`;
	$`rm -f ${logPath(name)}*`;
}

/** The last lines a program wrote. */
export function lastLines($: Probe, manager: ProcessManager, name: string): Promise<string> {
	const noise = '^ *[~^]+$|<frozen importlib|Worker with pid|Worker exiting';
	return manager === 'supervisor'
		? $`tail -n 60 -- ${logPath(name)} | grep -vE ${noise} | tail -n 15`
		: $`journalctl --unit=${name} --lines=60 --no-pager --output=cat | grep -vE ${noise} | tail -n 15`;
}

function configuration(manager: ProcessManager, program: Program): string {
	return manager === 'supervisor' ? supervisorProgram(program) : systemdUnit(program);
}
