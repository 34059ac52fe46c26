import {cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {attempt, fed, local, told} from './command.ts';
import type {Inheritance} from './inheritance.ts';
import {locked} from './lock.ts';
import type {Place} from './place.ts';
import {boxFiles, boxPackages, finishBox, finishServices, imageName, sourceLines} from './recipe.ts';
import {makeRoot, publicRoot} from './services/services.ts';
import {timed} from './timed.ts';
import type {Progress, Release, Tell} from './types.ts';

/** The two trees of an image: a box's, and what the servers' tree has on top of it. */
export function imagePaths(place: Place, image: string) {
	const folder = join(place.folder, 'images', image);
	return {folder, box: join(folder, 'box'), services: join(folder, 'services')} as const;
}

/** Packages once downloaded, shared by all boxes as their /var/cache/apt/archives. */
export function archivesFolder(place: Place): string {
	return join(place.folder, 'archives');
}

/**
 * Makes the image of a release, once, and answers its name.
 * @param inUse names of images that boxes still stand on: others of the release are cleared away
 */
export async function ensureImage(
	place: Place,
	release: Release,
	inheritance: Inheritance,
	inUse: () => readonly string[],
	progress: Progress,
): Promise<string> {
	const name = imageName(release, inheritance);
	const {folder} = imagePaths(place, name);
	if (existsSync(folder)) return name;
	// Beside the images, which several folders may share.
	await locked(join(place.folder, 'images', `.${release}.lock`), `the ${release} image`, 600, async () => {
		if (existsSync(folder)) return;
		clearImages(place, release, inUse());
		const making = `${name}.part`;
		const paths = imagePaths(place, making);
		mkdirSync(paths.folder, {recursive: true});
		mkdirSync(join(archivesFolder(place), 'partial'), {recursive: true});
		await timed(progress, `Making a Debian ${release} image (once)`, tell =>
			makeBox(place, paths.box, release, inheritance, tell),
		);
		await timed(progress, 'Adding the DNS, certificate and git servers (once)', tell =>
			makeServices(place, paths, tell),
		);
		renameSync(paths.folder, folder);
	});
	return name;
}

function clearImages(place: Place, release: Release, inUse: readonly string[]): void {
	const folder = join(place.folder, 'images');
	if (!existsSync(folder)) return;
	for (const name of readdirSync(folder)) {
		if (name.startsWith(`${release}-`) && !inUse.includes(name))
			rmSync(join(folder, name), {recursive: true, force: true});
	}
}

async function makeBox(
	place: Place,
	tree: string,
	release: Release,
	inheritance: Inheritance,
	tell: Tell,
): Promise<void> {
	const archives = archivesFolder(place);
	const options = inheritance.apt.map(line => `--aptopt=${line}`);
	const packages = `--include=${boxPackages.join(',')}`;
	const fetched = `--setup-hook=mkdir -p "$1"/var/cache/apt/archives && (cp -al ${archives}/*.deb "$1"/var/cache/apt/archives/ 2>/dev/null || true)`;
	const kept = `--customize-hook=cp -aln "$1"/var/cache/apt/archives/*.deb ${archives}/ 2>/dev/null || true`;
	await attempt(
		`Making a Debian ${release} image`,
		told(
			local`mmdebstrap --mode=root --variant=minbase --skip=cleanup/apt/lists ${packages} ${options} ${fetched} ${kept} ${release} ${tree} ${sourceLines(release, inheritance)}`,
			tell,
		),
	);
	for (const [path, content] of Object.entries(boxFiles(inheritance))) {
		mkdirSync(dirname(join(tree, path)), {recursive: true});
		writeFileSync(join(tree, path), content);
	}

	await ensurePublicRoot(place, tree);
	cpSync(publicRoot(place).certificate, join(tree, 'usr/local/share/ca-certificates/practice-public.crt'));
	await attempt('Finishing the image', fed(finishBox)`chroot ${tree} bash -eu -s`);
}

/** Made with the new image's own openssl: this machine may have none. */
async function ensurePublicRoot(place: Place, tree: string): Promise<void> {
	const root = publicRoot(place);
	if (existsSync(root.key)) return;
	mkdirSync(root.folder, {recursive: true, mode: 0o700});
	const script = [
		`mount --bind ${root.folder} ${tree}/mnt`,
		`chroot ${tree} bash -eu -s <<'END'`,
		'cd /mnt; umask 077',
		makeRoot('Practice Public Root', 'root'),
		'END',
	];
	await attempt(
		'Making a certificate authority',
		fed(script.join('\n'))`unshare --mount --propagation private bash -eu -s`,
	);
}

/** The servers' tree is an overlay: only what it has more than a box takes room. */
async function makeServices(
	place: Place,
	paths: {folder: string; box: string; services: string},
	tell: Tell,
): Promise<void> {
	const [work, merged] = [join(paths.folder, 'work'), join(paths.folder, 'merged')];
	for (const folder of [paths.services, work, merged]) mkdirSync(folder);
	const script = [
		`mount -t overlay overlay -o lowerdir=${paths.box},upperdir=${paths.services},workdir=${work} ${merged}`,
		`mount --bind ${archivesFolder(place)} ${merged}/var/cache/apt/archives`,
		`mount -t proc proc ${merged}/proc`,
		`mount --rbind /dev ${merged}/dev`,
		`cp -L /etc/resolv.conf ${merged}/etc/resolv.conf`,
		`chroot ${merged} bash -eu -s <<'END'`,
		finishServices,
		'END',
		`rm ${merged}/etc/resolv.conf`,
	].join('\n');
	await attempt('Installing the servers', told(fed(script)`unshare --mount --propagation private bash -eu -s`, tell));
	rmSync(work, {recursive: true});
	rmSync(merged, {recursive: true});
}
