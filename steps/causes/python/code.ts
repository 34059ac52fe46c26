import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {locale} from '../../system/locale.ts';
import {leftPython} from './modules.ts';

/** How V8 begins what it says of code that it can't read: Node's, not Python's. */
const ofNode =
	"(?!Unexpected (?:token|identifier|end of input|string|number|reserved|template|strict|eval)|Invalid or unexpected|missing \\) after|Identifier '|Illegal |Invalid (?:regular|left-hand|destructuring|shorthand)|Cannot use import|await is only|Missing initializer|The requested module|Unterminated template|Private field|Named export|Function statements|Duplicate )";

/** What Python makes of the code it has. */
export const pythonCode: readonly Cause[] = [
	{
		id: 'python/syntax',
		depth: 'kind',
		title: ({what}) => `The code has a fault that Python can’t read: ${what}.`,
		match: [
			new RegExp(
				`^\\s*(?:SyntaxError|IndentationError|TabError): (?<what>${ofNode}.+?)(?: \\([\\w./-]+, line \\d+\\))?$`,
			),
		],
		unless: /^\s+at .*:\d+:\d+\)?$|^Node\.js v\d/,
		means: 'Python refuses the whole file, so the app can’t start. The lines above it name the file and the line.',
		next: 'Mend that line on your machine, start the app there once, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/newer-syntax',
		title: 'The code is written for a newer Python than the box has.',
		match: [
			/TypeError: unsupported operand type\(s\) for \|: '(?:type|NoneType|_GenericAlias|EnumMeta)' and/,
			/TypeError: '(?:type|ABCMeta|function)' object is not subscriptable/,
			/ImportError: cannot import name '(?<name>UTC|StrEnum|Self|override|batched|TypeAlias|ParamSpec|NotRequired|tomllib|LiteralString|assert_never)' from '(?:datetime|enum|typing|itertools)'/,
			/ModuleNotFoundError: No module named '(?<name>tomllib|zoneinfo|graphlib)'/,
			/^SyntaxError: f-string: (?:unmatched|expecting '\}'|f-string expression part cannot include)/,
		],
		over: ['python/syntax'],
		means:
			'Signs and names of a newer Python (int | None, list[int] in older places, quotes inside f-strings, datetime.UTC) are an error in an older one.',
		next: 'Name the Python that the app needs in .python-version or requires-python, so that it gets that one; or write it for the one of the box.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		// The guide: some \N{…} names work on one's own machine and not on the server. Stick with the hex numbers.
		id: 'python/unicode-name',
		title: 'A \\N{…} name is one that this Python does not know.',
		match: [/unknown Unicode character name/, /malformed \\N character escape/],
		over: ['python/syntax'],
		means:
			'Names of characters come with Python’s version: a newer one on your machine knows more of them than the one on the box.',
		next: 'Write the number in place of the name, such as \\U0001F389 for PARTY POPPER. Then push and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/encoding',
		title: 'A text is read or written in an encoding that does not hold all of its characters.',
		match: [
			/Unicode(?:Decode|Encode)Error: '(?<codec>ascii|latin-1|charmap)' codec can't/,
			/SyntaxError: Non-UTF-8 code starting with/,
			/locale\.Error: unsupported locale setting/,
			/Click will abort further execution because Python was configured to use ASCII/,
			/UnicodeDecodeError: '(?<codec>utf-8|utf-16(?:-[lb]e)?)' codec can't decode byte 0x[0-9a-f]{2} in position 0: invalid start byte/,
		],
		over: ['python/syntax'],
		means: 'The program runs in a locale without UTF-8, or a file is saved in another encoding.',
		next: 'Open files with encoding=utf-8, save your sources as UTF-8, and give the box a locale of UTF-8.',
		fixes: (_, app) => [...(app.isOwn ? [fixByStep(locale, 'Set the box’s locale again')] : []), ...earlierCode(app)],
	},
	{
		id: 'python/starlette-templates',
		title: 'A page is made in a way that Starlette 1 has not any more.',
		match: [/^TypeError: unhashable type: 'dict'$/],
		beside: /[/\\]starlette[/\\]templating\.py", line \d+, in TemplateResponse/,
		means:
			'TemplateResponse("index.html", {…}) named the template first. Starlette 1 wants the request first, and takes the values for the template’s name.',
		next: 'Write starlette<1 into your dependency file, or give the request first: TemplateResponse(request, "index.html"). Push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/starlette-decorators',
		title: ({name}) => `The code uses ${name} of a Starlette app, which Starlette 1 has not any more.`,
		match: [
			/^AttributeError: '(?:Starlette|Router)' object has no attribute '(?<name>route|websocket_route|on_event|add_event_handler|middleware|exception_handler)'/,
		],
		means:
			'Starlette 1 dropped its decorators: routes, middleware and what runs at the start are given to Starlette(…).',
		next: 'Write starlette<1 into your dependency file, or give them to Starlette(routes=…, lifespan=…). Push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/null-bytes',
		title: 'A source file is saved as UTF-16, or is damaged: it holds null bytes.',
		match: [/(?:SyntaxError|ValueError): source code (?:string )?cannot contain null bytes/],
		over: ['python/syntax'],
		means: 'Windows editors and PowerShell write UTF-16 unless they are told otherwise. Python reads UTF-8.',
		next: 'Save the file as UTF-8, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/wrong-version',
		title: 'The app’s environment does not fit the Python of the box.',
		match: [
			/ModuleNotFoundError: No module named '(?<module>\w+)'/,
			/requires a different Python: (?<has>[\d.]+) not in '(?<wants>[^']+)'/,
			/bad interpreter: No such file or directory/,
			/error while loading shared libraries: libpython(?<has>[\d.]+)\.so/,
			/ImportError: .*\.cpython-(?<wants>\d+)-.*: (?:undefined symbol|cannot open shared object)/,
			/Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding/,
		],
		when: ({module}) => module === undefined || leftPython.has(module),
		means:
			'The code or its environment was made for another version of Python: after an upgrade of the box, or on a machine with a newer one.',
		next: ({wants}) =>
			wants === undefined
				? 'Have the app ask for the Python that the box has, or move to a newer release of the system.'
				: `It asks for Python ${wants}: write that into .python-version, or ask for less.`,
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Make the environment anew')] : []),
	},
	{
		id: 'python/shared-library',
		title: ({library}) => `A package needs the library ${library} of the system.`,
		match: [
			/ImportError: (?<library>lib[\w.+-]+\.so[.\d]*): cannot open shared object file/,
			/OSError: (?:cannot load library|.*cannot open shared object file).*'?(?<library>lib[\w.+-]+\.so[.\d]*|libpango|libgobject)/,
		],
		means: 'The package is installed, but the shared library it is built on is not on the box.',
		next: ({library = ''}) =>
			`The Debian package that has ${library}${libraryPackages(library)} must be on the box, or the package be taken in its binary edition.`,
	},
	{
		id: 'python/template',
		title: ({name}) => `The template ${name} is not there.`,
		match: [/jinja2\.exceptions\.TemplateNotFound: (?<name>\S+)/, /TemplateDoesNotExist(?: at \S+|: )\s*(?<name>\S+)/],
		means:
			'A page wants a template that this release does not have: it was not committed, or its name differs in capital letters, which count on Linux.',
		next: ({name}) =>
			`Compare the name letter by letter with the file in templates/: ${name}. Then commit, push, and deploy again.`,
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/outside-context',
		title: ({what}) => `Something of Flask is used outside of ${what} context.`,
		match: [/RuntimeError: Working outside of (?<what>application|request) context/],
		means: 'Code that is run at import, in a job or in a thread has no app (or no request) at hand.',
		next: 'Put it into `with app.app_context():`, or into a function that is called when the app is there.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/wrong-argument',
		title: ({name}) => `${name}() is called with an argument that this version does not know.`,
		match: [
			/TypeError: (?<name>[\w.]+)\(\) got an unexpected keyword argument '(?<word>\w+)'/,
			/TypeError: (?<name>\w+\.__init__)\(\) (?:missing|takes) /,
		],
		means: ({word}) =>
			`${word === undefined ? 'The call' : `“${word}”`} fits another version of the package, or of your own code, than the one that is installed.`,
		next: 'Pin the version that works on your machine in requirements.txt, push, and deploy again.',
		depth: 'kind',
		fixes: (_, app) => earlierCode(app),
	},
];

/** Where Debian has some libraries that wheels ask for. */
const packagesOf: Readonly<Record<string, string>> = {
	'libGL.so.1': 'libgl1',
	'libmagic.so.1': 'libmagic1',
	'libpq.so.5': 'libpq5',
	'libmariadb.so.3': 'libmariadb3',
	libpango: 'libpango-1.0-0',
	libgobject: 'libglib2.0-0',
};

function libraryPackages(library: string): string {
	const name = packagesOf[library];
	return name === undefined ? '' : ` (${name})`;
}
