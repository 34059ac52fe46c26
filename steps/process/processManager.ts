import {fileIs} from '../../source/contract/file-fact.ts';
import type {FileFact, Hand, Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {mainProcess, pidCommand} from './mainProcess.ts';
import type {ProcessManager, Program} from './program.ts';
import {logPath, supervisorProgram} from './supervisorProgram.ts';
import {systemdUnit} from './unit.ts';

/** Where a process manager has a program's configuration. */
export function configurationPath(manager: ProcessManager, name: string): string {
	return manager === 'supervisor' ? `/etc/supervisor/conf.d/${name}.conf` : `/etc/systemd/system/${name}.service`;
}

/**
 * How a program stands: not running; running settings or packages that are no longer the newest ('stale'); running an
 * older release, and a reload will do ('older'); or up to date.
 */
export type Running = 'no' | 'stale' | 'older' | 'yes';

export type ProgramFacts = {readonly file: FileFact | null; readonly other: boolean; readonly running: Running};

const runnings: readonly Running[] = ['stale', 'older', 'yes'];

/**
 * started PID: when it was, for find(1) (field 22 of proc(5)'s stat, in hundredths of a second since boot). newer PID FILE…: whether
 * one of the files is newer than the process. loaded RELEASE: what the main process has loaded itself, in a release.
 */
export const processFunctions = (loader?: string) => `started() {
local stat uptime
stat=$(</proc/$1/stat); read -r uptime _ </proc/uptime; set -- \${stat##*) }
echo "@$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))"
}
newer() { local pid=$1; shift; [ -n "$(find -L "$@" -newermt "$(started "$pid")" -print -quit)" ]; }
loaded() { cd "$1" && echo ${loader ?? '$RANDOM'}; }
worker() { ${loader === undefined ? 'false' : 'pgrep --oldest --parent "$1"'} || echo "$1"; }`;

/**
 * @param files what it reads at its start; `loader`: for one that reloads, the packages of a release that its main process
 * has loaded itself, as a glob: new ones need a restart
 */
export async function readProgram(
	$: Probe,
	manager: ProcessManager,
	program: {name: string; app: string; files: readonly string[]; loader?: string},
): Promise<ProgramFacts> {
	const {current, releases} = pathsOf(program.app);
	const installed = `${current}/venv/installed`;
	const [file, other, running] = await Promise.all([
		$.file(configurationPath(manager, program.name)),
		$.file(configurationPath(manager === 'supervisor' ? 'systemd' : 'supervisor', program.name)),
		// Its working directory tells which release it runs (where it has left that, its start does), its start whether it has
		// read the files as they are now. A reload gives it new workers: it is they who have loaded the code.
		$`pid=$(bash -c ${mainProcess(manager, program.name)})
case $pid in '') exit ;; next) echo yes; exit ;; esac
eval ${processFunctions(program.loader)}
release=$(readlink /proc/$pid/cwd)
case $release in
	${`${releases}/`}*) release=\${release#${releases}/}; release=${releases}/\${release%%/*} ;;
	*) if [ -z "$(find ${current} -newerct "$(started "$pid")")" ]; then release=${current}; fi ;;
esac
if newer "$pid" ${program.files}; then echo stale
elif [ "$release" -ef ${current} ]; then if newer "$(worker "$pid")" ${installed}; then echo stale; else echo yes; fi
elif [ "$(loaded "$release")" = "$(loaded ${current})" ]; then echo older
else echo stale; fi`,
	]);
	return {file, other: other !== null, running: runnings.find(word => word === running) ?? 'no'};
}

export function isInstalled(facts: ProgramFacts, manager: ProcessManager, program: Program): boolean {
	return facts.running === 'yes' && !facts.other && fileIs(facts.file, configuration(manager, program));
}

/** Writes a program's configuration and (re)starts it, no more than needed. Whether it stays up is for `verify` to say, with its last lines. */
export function install($: Hand, facts: ProgramFacts, manager: ProcessManager, program: Program): void {
	if (facts.other) uninstall($, manager === 'supervisor' ? 'systemd' : 'supervisor', program.name);
	const known = fileIs(facts.file, configuration(manager, program));
	if (known && program.reloads && facts.running === 'older') {
		reload($, manager, program.name);
		return;
	}

	if (!known) $.file(configurationPath(manager, program.name), configuration(manager, program));
	if (manager === 'systemd') {
		// Each reads all units of the box anew, which takes longer than all else here: a deploy changes none.
		$`if [ "$(systemctl show -P NeedDaemonReload -- ${program.name})" != no ]; then systemctl daemon-reload; fi`;
		$`if ! systemctl is-enabled --quiet -- ${program.name}; then systemctl enable --quiet -- ${program.name}; fi`;
		$`systemctl restart --no-block ${program.name}`;
		return;
	}

	// `update` starts what is new and restarts what has changed; all else goes on.
	$`supervisorctl update ${program.name}`;
	if (known && (facts.running === 'stale' || facts.running === 'older'))
		$`supervisorctl restart ${program.name} || true`;
	if (known && facts.running === 'no') $`supervisorctl start ${program.name} || true`;
}

/** New workers in place of the old ones; over when the last of those has finished what it did. */
function reload($: Hand, manager: ProcessManager, name: string): void {
	const signal = manager === 'supervisor' ? ['supervisorctl', 'signal', 'HUP', name] : ['systemctl', 'reload', name];
	$`old=$(pgrep --parent "$(${pidCommand(manager, name)})")
${signal}
for worker in $old; do timeout 40 tail -f -s 0.1 --pid="$worker" /dev/null || true; done`;
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
