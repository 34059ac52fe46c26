import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {earlierCode} from '../../fixes/code.ts';
import {installDebian} from '../../fixes/debianPackages.ts';
import {restartApp} from '../../fixes/restart.ts';
import {makeSecret, setVariable} from '../../fixes/variable.ts';

/** What mix, releases, Phoenix and the BEAM say. */
export const elixirApps: readonly Cause[] = [
	{
		id: 'elixir/home',
		title: 'HOME is not set for the service, and Erlang needs it.',
		match: [/erlexec: HOME must be set/, /Failed to create (?:dir|cookie file).*\.erlang\.cookie/],
		over: ['process/unit-failed'],
		means:
			'Erlang keeps its cookie in the home folder. systemd gives a service a HOME only where User= is set and that user has one.',
		next: 'Set Environment=HOME=… in the unit: a folder that the app’s user may write.',
	},
	{
		id: 'elixir/server-off',
		title: 'The release runs without its web server.',
		match: [/Configuration :server was not enabled for (?<name>\S+?),/],
		means:
			'Releases start no web server unless they are told: by PHX_SERVER=true, or by starting bin/server in place of bin/app start.',
		next: 'Set PHX_SERVER=true among the app’s variables, and start it anew.',
		fixes: (_, app) => [...setVariable(app, 'PHX_SERVER'), restartApp(app)],
	},
	{
		id: 'elixir/origin',
		title: ({host = 'the domain'}) => `The app’s own idea of its host is not ${host}, so websockets are refused.`,
		match: [/Could not check origin for Phoenix\.Socket transport/, /^Origin of the request: (?<host>https?:\/\/\S+)/],
		means:
			'PHX_HOST (url: [host: …] of the endpoint) differs from the domain in the browser. Pages come, and LiveView reconnects for ever.',
		next: 'Set PHX_HOST to the domain (or name it in check_origin), and start the app anew.',
		fixes: (_, app) => [...setVariable(app, 'PHX_HOST'), restartApp(app)],
	},
	{
		id: 'elixir/secret',
		title: 'SECRET_KEY_BASE is missing or too short.',
		match: [
			/environment variable SECRET_KEY_BASE is missing/,
			/cookie store expects conn\.secret_key_base to be (?:set|at least 64 bytes)/,
			/System\.EnvError.*SECRET_KEY_BASE/,
		],
		over: ['settings/missing-variable', 'elixir/config'],
		means: 'Phoenix signs sessions with it and wants 64 characters and more.',
		next: 'Set SECRET_KEY_BASE to a long random value.',
		fixes: (_, app) => [...makeSecret(app, 'SECRET_KEY_BASE'), ...setVariable(app, 'SECRET_KEY_BASE')],
	},
	{
		id: 'elixir/version',
		title: ({wanted, has}) =>
			`The app wants Elixir ${wanted ?? 'of another version'}, and the box has ${has ?? 'another one'}.`,
		match: [
			/You're trying to run :\w+ on Elixir v?(?<has>[\d.]+) but it has declared in its mix\.exs file it supports only Elixir (?<wanted>.+?)$/,
			/the dependency :(?<name>\w+) requires Elixir "(?<wanted>[^"]+)" but you are running on v?(?<has>[\d.]+)/,
			/warning: the dependency :\w+ requires Elixir "(?<wanted>[^"]+)" but you are running on v?(?<has>[\d.]+)/,
			/requires at least Erlang\/OTP (?<wanted>\d+)|Erlang\/OTP (?<has>\d+) is not supported/,
		],
		means: 'Debian 12 has Elixir 1.14, Debian 13 has 1.18.',
		next: 'Take a box with the newer system, or have mix.exs ask for what the box has.',
	},
	{
		id: 'elixir/hex',
		title: 'mix can’t fetch its packages.',
		match: [
			/\*\* \(Mix\) httpc request failed with/,
			/Could not (?:find|fetch|install) Hex|Failed to fetch record for '\w+\/(?<name>\w+)' from registry/,
			/\*\* \(Mix\) Unknown package (?<name>\w+) in lockfile|Hex dependency resolution failed/,
			/Request failed \((?:timeout|:\w+)\).*hex/,
		],
		means: 'hex.pm, its mirror or hex itself is out of reach of the box, or the lock names what is no longer there.',
		next: 'See that the box may connect out on port 443. Then try again.',
	},
	{
		id: 'elixir/deps',
		title: 'Dependencies of the Elixir app are not fetched, or not those of the lock.',
		match: [
			/Unchecked dependencies for environment (?<name>\w+)/,
			/the dependency is not available, run "mix deps\.get"/,
			/\*\* \(Mix\) Can't continue due to errors on dependencies/,
			/lock mismatch: the dependency is out of date/,
		],
		means: 'mix.exs or mix.lock was changed and “mix deps.get” was not run since.',
		next: 'Commit mix.lock with mix.exs, and deploy again.',
	},
	{
		id: 'elixir/no-task',
		title: ({name}) => `mix knows no task ${name}.`,
		match: [/\*\* \(Mix\) The task "(?<name>[^"]+)" could not be found/],
		means:
			'It is run in another folder than the project’s, or comes from a dependency that is not fetched or only for development (phx.digest, assets.deploy).',
		next: 'Run it in the folder of mix.exs with MIX_ENV=prod, after the dependencies were fetched.',
	},
	{
		id: 'elixir/compile',
		depth: 'kind',
		title: 'The Elixir code does not compile.',
		match: [
			/^== Compilation error in file (?<path>\S+) ==/,
			/\*\* \((?:CompileError|SyntaxError|TokenMissingError|MismatchedDelimiterError)\) (?<path>\S+?):\d+/,
			/could not compile dependency :(?<name>\w+), "mix compile" failed/,
		],
		means: ({path, name}) =>
			`It stops at ${path ?? name ?? 'the file that is named'}: a fault in the code, or a package that does not know this Elixir.`,
		next: 'Compile it with MIX_ENV=prod on your machine, mend it, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'elixir/compiler',
		title: 'A dependency has native parts, and the box has no compiler.',
		match: [
			/\*\* \(Mix\) "?make"? not found in the path/,
			/Could not compile with "make"|\(Mix\) Could not compile with make/,
			/erlc: not found|ei\.h: No such file|erl_nif\.h: No such file/,
		],
		over: ['elixir/compile', 'python/build-other-header'],
		means: 'bcrypt, argon2, exqlite and their like are built from C with make and the headers of Erlang.',
		next: 'Install build-essential and erlang-dev on the box, and try again.',
		fixes: () => [
			installDebian(['build-essential', 'erlang-dev'], 'What the build asks for comes from the distribution.'),
		],
	},
	{
		id: 'elixir/no-static',
		title: 'The static files of the Phoenix app were not built.',
		match: [
			/Could not find static manifest at "(?<path>[^"]+)"/,
			/could not find (?:esbuild|tailwind) (?:executable|binary)|\(Mix\) .*(?:esbuild|tailwind).*not (?:found|available)/,
		],
		means:
			'“mix assets.deploy” makes them and their manifest before the release is built; without it pages come without style.',
		next: 'Have the build run assets.deploy before release. Push, and deploy again.',
	},
	{
		id: 'elixir/config',
		depth: 'kind',
		title: ({what}) => `The release stops at its configuration: ${what ?? 'see the line above'}.`,
		match: [
			/ERROR! Config provider (?:Config\.Reader|\S+) failed with:/,
			/\*\* \((?:ArgumentError|RuntimeError)\) (?<what>configuration for .{1,80} not specified in :\w+ environment)/,
			/could not fetch application environment (?<what>:\w+ for application :\w+)/,
		],
		means: 'config/runtime.exs is read at each start, and what it asks for is not there.',
		next: 'See the line below it: mostly a variable that has no value.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'elixir/start-failed',
		depth: 'after',
		title: ({name}) => `The Elixir app${name === undefined ? '' : ` ${name}`} did not start.`,
		match: [
			/\*\* \(Mix\) Could not start application (?<name>\w+)/,
			/Kernel pid terminated \(application_controller\)/,
			/\[notice\] Application (?<name>\w+) exited: (?!:stopped|normal)/,
			/\{"init terminating in do_boot"/,
			/Runtime terminating during boot/,
		],
		means: 'One of the parts it starts ended at once; its reason stands in the same lines.',
		next: 'Read the reason in the brackets (EXIT); the innermost one counts.',
	},
	{
		id: 'elixir/name-taken',
		title: ({name}) => `Another copy of the release ${name ?? ''} runs already.`.replace('  ', ' '),
		match: [
			/the name (?<name>\S+) seems to be in use by another Erlang node/,
			/Protocol 'inet_tcp': the name (?<name>\S+) seems to be in use/,
		],
		means: 'Each Erlang node has a name of its own on a box: an older copy did not end, or two apps share one name.',
		next: 'End the other copy, or set RELEASE_NAME (or RELEASE_DISTRIBUTION=none).',
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'elixir/locale',
		title: 'The Erlang VM runs in an encoding that is not UTF-8.',
		match: [/the VM is running with native name encoding of latin1/],
		depth: 'kind',
		means: 'Names of files and texts with other letters may go wrong: the service has no locale of UTF-8.',
		next: 'Set LANG=C.UTF-8 for the service (or ELIXIR_ERL_OPTIONS=+fnu).',
	},
];
