import type {DetectedAnswers, Detection, Tree, Warning} from '../../source/contract/detection.ts';
import {readScripts, readVariables} from '../node/detection/environment.ts';
import {outputOf, readFramework} from '../node/detection/frameworks.ts';
import {readManager, readNodeVersion, readPackage} from '../node/detection/package.ts';
import {readYaml} from '../reading/commands.ts';
import {committedWarnings} from '../reading/committed.ts';
import {exampleReadings} from '../reading/dotenv-example.ts';
import {at, readToml, textAt} from '../reading/toml.ts';
import {variablesOf} from '../reading/variables.ts';

/** Knows sites of files: those that a generator builds, and those that lie there ready. */
export function detectStatic(tree: Tree): Detection | undefined {
	return builtByNode(tree) ?? generated(tree) ?? ready(tree);
}

/** Vite, Astro, Docusaurus and their like: built by Node, served as files. */
function builtByNode(tree: Tree): Detection | undefined {
	const found = readPackage(tree);
	const framework = found && readFramework(tree, found);
	if (!found || framework?.makes !== 'site') return undefined;
	const {manager, file, isLocked} = readManager(tree, found);
	const script = ['build:prod', 'build:production', 'build'].find(name => name in found.scripts);
	const version = readNodeVersion(tree, found);
	const output = outputOf(tree, framework);
	const answers: DetectedAnswers = {
		framework: framework.name,
		...(version && {version: version.asked, versionFrom: version.from}),
		manager,
		dependencyFile: file,
		interface: 'files',
		build: script ? `${manager} run ${script}` : `npx ${framework.build}`,
		...(output && {output}),
		...(framework.singlePage && {singlePage: true}),
	};
	const isLibrary = !script && framework.name === 'Vite' && !tree.has('index.html');
	if (
		isLibrary ||
		(/^(?:Vite|webpack)$/.test(framework.name) &&
			!tree.paths.some(path => /^(?:src\/|public\/|app\/|client\/)?index\.html$/.test(path)))
	)
		return undefined;
	return site(
		tree,
		answers,
		80,
		[
			`package.json names ${framework.name}, which builds files and no server`,
			...(script ? [`its script ${script} runs “${found.scripts[script]}”`] : []),
		],
		{
			variables: readVariables(tree, readScripts(tree)),
			warnings: [...(isLocked ? [] : [noLock(manager)]), ...buildTime(tree)],
		},
	);
}

function noLock(manager: string): Warning {
	return {
		code: 'no-lock-file',
		severity: 'careful',
		what: 'There is no lock file.',
		means: 'Each build takes whatever versions are newest that day.',
		next: `On your machine: ${manager} install, then commit the lock file that it writes.`,
		remedy: {type: 'command', command: `${manager} install`},
	};
}

/** A .env with secrets would be built into files that anyone can read. */
function buildTime(tree: Tree): Warning[] {
	const named = tree.paths
		.filter(path => /^\.env(?:\.production)?$/.test(path))
		.flatMap(path =>
			[
				...(tree.text(path) ?? '').matchAll(
					/^[ \t]*((?:VITE|REACT_APP|NEXT_PUBLIC|PUBLIC|GATSBY)_\w*(?:SECRET|PASSWORD|PRIVATE)\w*)\s*=/gm,
				),
			].map(match => `${path}: ${match[1]}`),
		);
	if (named.length === 0) return [];
	return [
		{
			code: 'secret-in-site',
			severity: 'careful',
			what: `${named[0]?.split(': ')[1]} is built into the site.`,
			means: 'All that a site of files knows, each of its visitors can read.',
			next: 'Keep secrets on a server, and ask that from the site.',
			evidence: named,
		},
	];
}

type Generator = {
	readonly name: string;
	readonly marks: (tree: Tree) => string | undefined;
	readonly build: string;
	readonly output: (tree: Tree) => string;
	readonly packages: readonly string[];
};

const firstOf = (tree: Tree, ...paths: readonly string[]) => paths.find(path => tree.has(path));

/** Generators that are no Node programs, by the files of their settings. */
const generators: readonly Generator[] = [
	{
		name: 'Hugo',
		marks: tree =>
			firstOf(
				tree,
				'hugo.toml',
				'hugo.yaml',
				'hugo.json',
				'config/_default/hugo.toml',
				'config/_default/config.toml',
			) ??
			(tree.paths.some(path => /^(?:archetypes|content|themes)\//.test(path))
				? firstOf(tree, 'config.toml', 'config.yaml')
				: undefined),
		build: 'hugo --minify',
		output: tree => textAt(readToml(tree.text('hugo.toml') ?? tree.text('config.toml')), 'publishDir') ?? 'public',
		packages: ['hugo'],
	},
	{
		name: 'Zola',
		marks: tree =>
			tree.paths.some(path => /^content\/.*\.md$/.test(path)) &&
			/^[ \t]*base_url\s*=/m.test(tree.text('config.toml') ?? '')
				? 'config.toml'
				: undefined,
		build: 'zola build',
		output: () => 'public',
		packages: [],
	},
	{
		name: 'Jekyll',
		marks: tree =>
			tree.has('_config.yml') &&
			(tree.paths.some(path => /^(?:_posts|_layouts|_includes|_data|_pages)\//.test(path)) ||
				/jekyll|github-pages/.test(tree.text('Gemfile') ?? ''))
				? '_config.yml'
				: undefined,
		build: 'bundle exec jekyll build',
		output: tree => textAt(readYaml(tree.text('_config.yml')), 'destination')?.replace(/^\.\//, '') ?? '_site',
		packages: ['ruby-full', 'bundler', 'build-essential', 'zlib1g-dev'],
	},
	{
		name: 'MkDocs',
		marks: tree => firstOf(tree, 'mkdocs.yml', 'mkdocs.yaml'),
		build: 'mkdocs build',
		output: tree => textAt(readYaml(tree.text('mkdocs.yml')), 'site_dir') ?? 'site',
		packages: [],
	},
	{
		name: 'Sphinx',
		marks: tree =>
			tree.has('conf.py') &&
			/extensions\s*=|html_theme/.test(tree.text('conf.py') ?? '') &&
			(tree.has('index.rst') || tree.has('index.md'))
				? 'conf.py'
				: undefined,
		build: 'sphinx-build -b html . _build/html',
		output: () => '_build/html',
		packages: [],
	},
	{
		name: 'Pelican',
		marks: tree => firstOf(tree, 'pelicanconf.py'),
		build: 'pelican content -s publishconf.py',
		output: () => 'output',
		packages: [],
	},
	{
		name: 'mdBook',
		marks: tree => firstOf(tree, 'book.toml'),
		build: 'mdbook build',
		output: tree => textAt(at(readToml(tree.text('book.toml')), 'build'), 'build-dir') ?? 'book',
		packages: [],
	},
];

function generated(tree: Tree): Detection | undefined {
	for (const {name, marks, build, output, packages} of generators) {
		const mark = marks(tree);
		if (!mark) continue;
		return site(
			tree,
			{framework: name, interface: 'files', build, output: output(tree), dependencyFile: mark},
			78,
			[`${mark} is ${name}’s`],
			{packages: packages.map(one => ({name: one, for: name, when: 'build'}))},
		);
	}

	return undefined;
}

/** Files that lie there ready: an index.html at the top, or in the usual folder. */
function ready(tree: Tree): Detection | undefined {
	const folder = ['', 'public', 'dist', 'build', '_site', 'site', 'www', 'html', 'htdocs', 'docs', 'src'].find(one =>
		tree.has(one === '' ? 'index.html' : `${one}/index.html`),
	);
	if (folder === undefined) return undefined;
	const path = folder === '' ? 'index.html' : `${folder}/index.html`;
	// A Vite project without Vite, or a template of a framework, is no page by itself.
	const isTemplate = /\{%|\{\{|<%/.test(tree.text(path) ?? '');
	const confidence = isTemplate ? 10 : folder === '' ? 62 : folder === 'docs' ? 35 : folder === 'src' ? 30 : 45;
	return site(
		tree,
		{interface: 'files', output: folder === '' ? '.' : folder},
		confidence,
		[`${path} is there, and nothing has to be built`],
		{},
	);
}

function site(
	tree: Tree,
	answers: DetectedAnswers,
	confidence: number,
	because: readonly string[],
	more: Partial<Pick<Detection, 'variables' | 'warnings' | 'packages'>>,
): Detection {
	return {
		kind: 'static',
		folder: '',
		title: answers.framework ? `${answers.framework} site` : 'static site',
		confidence,
		because,
		answers,
		processes: [],
		variables: more.variables ?? variablesOf(exampleReadings(tree)),
		packages: more.packages ?? [],
		warnings: [...(more.warnings ?? []), ...committedWarnings(tree, 'none')],
		questions: [],
	};
}
