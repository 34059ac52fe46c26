/*
 * npm run release -- VERSION: makes a release in this clone, with version, changelog, commit and tag, after all that can
 * refuse it. Nothing leaves this machine. VERSION is what `npm version` takes: 1.2.3, or major, minor, patch.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {released, requireUnreleased} from './changelog.ts';

const root = join(import.meta.dirname, '../..');
const branch = 'main';
/** What a release changes. */
const files = ['package.json', 'package-lock.json', 'CHANGELOG.md'];

const say = (line: string) => process.stdout.write(`${line}\n`);
const git = (...words: string[]) => execFileSync('git', words, {cwd: root, encoding: 'utf8'}).trim();

/** Runs npm where it is seen. @throws Error with what its failure means */
function npm(words: readonly string[], otherwise: string): void {
	try {
		execFileSync('npm', words, {cwd: root, stdio: ['ignore', 'inherit', 'inherit']});
	} catch {
		throw new Error(otherwise);
	}
}

type Package = {readonly version: string; readonly repository?: unknown};
const packageJson = (): Package => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @throws Error where this clone can't be released as it is */
function refuseUnready(): void {
	if (git('status', '--porcelain') !== '')
		throw new Error('There are changes that are not committed. Commit or stash them, and run this again.');
	const present = git('branch', '--show-current');
	if (present !== branch) throw new Error(`Releases are made of ${branch}, and this is ${present || 'no branch'}.`);
	requireUnreleased(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
	npm(['run', 'test:quick'], 'The quick tests fail: nothing was released.');
}

/** Sets the version wherever it stands, and packs what would be published. @returns the version @throws Error */
function makeReady(wanted: string): string {
	npm(['version', wanted, '--no-git-tag-version'], `npm takes no version “${wanted}”. One looks like 1.2.3.`);
	const {version} = packageJson();
	if (git('tag', '--list', `v${version}`) !== '') throw new Error(`There is a tag v${version} already.`);
	const changelog = join(root, 'CHANGELOG.md');
	const today = new Date().toISOString().slice(0, 10);
	writeFileSync(changelog, released(readFileSync(changelog, 'utf8'), version, today));
	npm(['run', '--silent', 'build'], 'The build fails.');
	// It lists each file with its size, and the whole: also where this itself runs silently.
	npm(['publish', '--provenance', '--dry-run', '--loglevel', 'notice'], 'npm would not publish it.');
	return version;
}

/** What a person does next. */
function nextSteps(version: string): string[] {
	const missing = 'Before that: provenance wants a “repository” in package.json, and there is none yet.';
	return [
		'',
		`${version} is committed and tagged here. To let it out:`,
		`  git push origin ${branch} v${version}`,
		'  npm publish --provenance    from a CI that can vouch for itself (GitHub Actions, GitLab), after npm run build',
		...(packageJson().repository ? [] : [missing]),
		`To take it back, as long as it is not pushed: git tag --delete v${version} && git reset --hard HEAD~1`,
	];
}

function release(wanted: string): void {
	refuseUnready();
	try {
		const version = makeReady(wanted);
		git('commit', '--quiet', '--message', `Release ${version}`, '--', ...files);
		git('tag', '--annotate', `v${version}`, '--message', `boxwizard ${version}`);
		for (const line of nextSteps(version)) say(line);
	} catch (error) {
		git('checkout', '--quiet', 'HEAD', '--', ...files);
		throw error;
	}
}

const [wanted, ...others] = process.argv.slice(2);
try {
	if (wanted === undefined || others.length > 0) throw new Error('Which version? npm run release -- 1.2.3');
	release(wanted);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
