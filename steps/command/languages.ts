import type {DetectedAnswers, Tree} from '../../source/contract/detection.ts';
import {at, readJson, readToml, tableOf, textAt} from '../reading/toml.ts';

/** What is known of an app in one of the languages that boxwizard has no kind for: how it is built and started. */
export type Language = {
	readonly name: string;
	/** The file by which it is known; undefined where the tree is of no such app. */
	readonly mark: (tree: Tree) => string | undefined;
	readonly about: (
		tree: Tree,
	) => Pick<DetectedAnswers, 'build' | 'start' | 'migrate' | 'framework' | 'version' | 'versionFrom'>;
	/** Packages of the distribution that build it, and those that it runs with. */
	readonly build: readonly string[];
	readonly run?: readonly string[];
	/** How its code reads a variable: the name, and whether it fails without it, or its default. */
	readonly reads: readonly {readonly pattern: RegExp; readonly required?: true}[];
	readonly sources: RegExp;
};

const versionIn = (tree: Tree, path: string, pattern: RegExp): Pick<DetectedAnswers, 'version' | 'versionFrom'> => {
	const version = pattern.exec(tree.text(path) ?? '')?.[1];
	return version ? {version, versionFrom: path} : {};
};

export const languages: readonly Language[] = [
	{
		name: 'Go',
		mark: tree => (tree.has('go.mod') ? 'go.mod' : undefined),
		about(tree) {
			const name =
				/^module\s+(\S+)/m
					.exec(tree.text('go.mod') ?? '')?.[1]
					?.replace(/\/v\d+$/, '')
					.split('/')
					.at(-1) ?? tree.name;
			const main = tree.has('main.go')
				? '.'
				: (tree.paths.find(path => /^cmd\/[^/]+\/main\.go$/.test(path))?.replace(/\/main\.go$/, '') ?? '.');
			return {
				build: `go build -o bin/${name} ${main === '.' ? '.' : `./${main}`}`,
				start: `bin/${name}`,
				...versionIn(tree, 'go.mod', /^go\s+(\d[\d.]*)/m),
			};
		},
		build: ['golang-go'],
		reads: [
			{pattern: /\bos\.(?:Getenv|LookupEnv)\("(\w+)"\)/g},
			{pattern: /`[^`]*\benv:"(\w+)(?:,required|,notEmpty)?[^`]*`/g},
		],
		sources: /\.go$/,
	},
	{
		name: 'Rust',
		mark: tree => (tree.has('Cargo.toml') ? 'Cargo.toml' : undefined),
		about(tree) {
			const table = readToml(tree.text('Cargo.toml'));
			const name =
				textAt((at(table, 'bin') as readonly unknown[] | undefined)?.[0], 'name') ??
				textAt(table, 'package', 'name') ??
				tree.name;
			const names = Object.keys(tableOf(at(table, 'dependencies')) ?? {});
			const framework = {
				axum: 'axum',
				'actix-web': 'Actix',
				rocket: 'Rocket',
				warp: 'warp',
				poem: 'Poem',
				leptos: 'Leptos',
				loco: 'Loco',
			}[names.find(one => /^(?:axum|actix-web|rocket|warp|poem|leptos)$/.test(one)) ?? ''];
			return {
				build: 'cargo build --release',
				start: `target/release/${name}`,
				...(framework && {framework}),
				...versionIn(tree, 'Cargo.toml', /^rust-version\s*=\s*"([^"]+)"/m),
				...(names.includes('sqlx') &&
					tree.paths.some(path => path.startsWith('migrations/')) && {migrate: 'sqlx migrate run'}),
			};
		},
		build: ['cargo', 'pkg-config', 'libssl-dev'],
		reads: [
			{pattern: /\benv::var\("(\w+)"\)(?:\s*\.(?:expect\(|unwrap\(\)))/g, required: true},
			{pattern: /\benv::var(?:_os)?\("(\w+)"\)/g},
		],
		sources: /\.rs$/,
	},
	{
		name: 'Ruby',
		mark: tree => (tree.has('Gemfile') ? 'Gemfile' : undefined),
		about(tree) {
			const gems = tree.text('Gemfile') ?? '';
			const isRails = /^[ \t]*gem\s+["']rails["']/m.test(gems);
			const framework = isRails
				? 'Rails'
				: /^[ \t]*gem\s+["']sinatra["']/m.test(gems)
					? 'Sinatra'
					: /^[ \t]*gem\s+["']hanami["']/m.test(gems)
						? 'Hanami'
						: undefined;
			return {
				build: `bundle install${isRails ? ' && bundle exec rails assets:precompile' : ''}`,
				start:
					isRails || tree.has('config/puma.rb')
						? 'bundle exec puma -C config/puma.rb'
						: 'bundle exec rackup config.ru -p $PORT',
				...(isRails &&
					tree.paths.some(path => path.startsWith('db/migrate/')) && {migrate: 'bundle exec rails db:migrate'}),
				...(framework && {framework}),
				...(tree.has('.ruby-version')
					? versionIn(tree, '.ruby-version', /(\d[\d.]*)/)
					: versionIn(tree, 'Gemfile', /^[ \t]*ruby\s+["']([^"']+)["']/m)),
			};
		},
		build: ['ruby-full', 'bundler', 'build-essential', 'libyaml-dev'],
		reads: [
			{pattern: /\bENV\.fetch\(\s*["'](\w+)["']\s*\)(?!\s*(?:\{|do))/g, required: true},
			{pattern: /\bENV(?:\.fetch\(\s*|\[\s*)["'](\w+)["']/g},
		],
		sources: /\.(?:rb|ru|erb)$|database\.yml$/,
	},
	{
		name: 'PHP',
		mark: tree =>
			tree.has('composer.json')
				? 'composer.json'
				: tree.has('index.php') || tree.has('public/index.php')
					? tree.has('index.php')
						? 'index.php'
						: 'public/index.php'
					: undefined,
		about(tree) {
			const table = readJson(tree.text('composer.json'));
			const names = Object.keys(tableOf(at(table, 'require')) ?? {});
			const framework = names.includes('laravel/framework')
				? 'Laravel'
				: names.some(one => one.startsWith('symfony/framework-bundle'))
					? 'Symfony'
					: names.includes('slim/slim')
						? 'Slim'
						: undefined;
			const version = textAt(table, 'require', 'php');
			return {
				...(table && {build: 'composer install --no-dev --optimize-autoloader'}),
				...(framework === 'Laravel' && {migrate: 'php artisan migrate --force'}),
				...(framework === 'Symfony' &&
					names.includes('doctrine/doctrine-migrations-bundle') && {
						migrate: 'php bin/console doctrine:migrations:migrate --no-interaction',
					}),
				...(framework && {framework}),
				...(version && {version, versionFrom: 'composer.json'}),
			};
		},
		build: ['composer'],
		run: ['php-fpm'],
		reads: [{pattern: /\b(?:env|getenv)\(\s*["'](\w+)["']/g}, {pattern: /\$_ENV\[\s*["'](\w+)["']/g}],
		sources: /\.php$/,
	},
	{
		name: 'Java',
		mark: tree => ['pom.xml', 'build.gradle', 'build.gradle.kts'].find(path => tree.has(path)),
		about(tree) {
			const isMaven = tree.has('pom.xml');
			const text = tree.text('pom.xml') ?? tree.text('build.gradle') ?? tree.text('build.gradle.kts') ?? '';
			const framework = /spring-boot/.test(text)
				? 'Spring Boot'
				: /quarkus/.test(text)
					? 'Quarkus'
					: /micronaut/.test(text)
						? 'Micronaut'
						: /io\.ktor/.test(text)
							? 'Ktor'
							: undefined;
			const version =
				/<(?:java\.version|maven\.compiler\.release|release)>(\d+)</.exec(text)?.[1] ??
				/JavaLanguageVersion\.of\((\d+)\)/.exec(text)?.[1];
			return {
				build: isMaven
					? tree.has('mvnw')
						? './mvnw -B -DskipTests package'
						: 'mvn -B -DskipTests package'
					: tree.has('gradlew')
						? './gradlew build -x test'
						: 'gradle build -x test',
				start: isMaven ? 'java -jar target/*.jar' : 'java -jar build/libs/*.jar',
				...(framework && {framework}),
				...(version && {version, versionFrom: isMaven ? 'pom.xml' : 'build.gradle'}),
			};
		},
		build: ['default-jdk-headless', 'maven'],
		run: ['default-jre-headless'],
		reads: [{pattern: /System\.getenv\(\s*"(\w+)"/g}, {pattern: /\$\{([A-Z][A-Z0-9_]+)(?::[^}]*)?\}/g}],
		sources: /\.(?:java|kt)$|application[\w-]*\.(?:ya?ml|properties)$/,
	},
	{
		name: '.NET',
		mark: tree => tree.paths.find(path => /^[^/]+\.(?:csproj|fsproj|sln|slnx)$|^[^/]+\/[^/]+\.csproj$/.test(path)),
		about(tree) {
			const path =
				tree.paths.find(one => /\.(?:cs|fs)proj$/.test(one) && /Sdk\.Web/.test(tree.text(one) ?? '')) ??
				tree.paths.find(one => /\.(?:cs|fs)proj$/.test(one)) ??
				'';
			const name =
				path
					.split('/')
					.at(-1)
					?.replace(/\.\w+$/, '') ?? tree.name;
			return {
				build: `dotnet publish ${path} -c Release -o out`,
				start: `dotnet out/${name}.dll`,
				framework: 'ASP.NET',
				...versionIn(tree, path, /<TargetFramework>net(\d[\d.]*)</),
			};
		},
		build: ['dotnet-sdk-8.0'],
		reads: [{pattern: /Environment\.GetEnvironmentVariable\(\s*"(\w+)"/g}],
		sources: /\.cs$/,
	},
	{
		name: 'Deno',
		mark: tree => ['deno.json', 'deno.jsonc', 'deno.lock'].find(path => tree.has(path)),
		about(tree) {
			const start = textAt(readJson(tree.text('deno.json')), 'tasks', 'start');
			const main = ['main.ts', 'server.ts', 'mod.ts', 'main.tsx'].find(path => tree.has(path));
			return {
				...(start
					? {start: 'deno task start'}
					: main
						? {start: `deno run --allow-net --allow-env --allow-read ${main}`}
						: {}),
			};
		},
		build: [],
		reads: [{pattern: /Deno\.env\.get\(\s*["'](\w+)["']/g}],
		sources: /\.tsx?$/,
	},
	{
		name: 'Crystal',
		mark: tree => (tree.has('shard.yml') ? 'shard.yml' : undefined),
		about: tree => ({
			build: 'shards build --release --production',
			start: `bin/${/^name:\s*(\S+)/m.exec(tree.text('shard.yml') ?? '')?.[1] ?? tree.name}`,
		}),
		build: ['crystal'],
		reads: [
			{pattern: /\bENV\[\s*"(\w+)"\s*\](?!\?)/g, required: true},
			{pattern: /\bENV(?:\.fetch\(\s*|\[\s*)"(\w+)"/g},
		],
		sources: /\.cr$/,
	},
];
