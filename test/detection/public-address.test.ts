import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {cloneHere, readApp} from '../../source/cli/detection/read-app.ts';
import {overHttps, publicAddress} from '../../source/detection/public-address.ts';

test.each([
	['git@github.com:jessica/shop.git', 'https://github.com/jessica/shop.git'],
	['git@gitlab.com:team/group/shop', 'https://gitlab.com/team/group/shop.git'],
	['ssh://git@codeberg.org/jessica/shop.git', 'https://codeberg.org/jessica/shop.git'],
	['ssh://git@git.example.com:2222/jessica/shop.git', undefined],
	['jessica@git.example.com:shop.git', undefined],
	['git@-oProxyCommand=x:jessica/../shop', undefined],
	['https://github.com/jessica/shop.git', undefined],
	['/srv/shop.git', undefined],
])('%s over https is %s', (address, open) => {
	expect(overHttps(address)).toBe(open);
});

/** A git host of its own, on an address that no other test has: one repository that anybody may read, and one that wants a password. */
const host = '127.7.0.9';
let folder: string;
let server: Server;

beforeAll(async () => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'boxwizard-public-')));
	const run = (command: string, ...words: string[]) => execFileSync(command, words, {cwd: folder, stdio: 'ignore'});
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=git'];
	run('openssl', 'req', '-x509', ...curve, '-addext', `subjectAltName=IP:${host}`, '-keyout', 'key', '-out', 'cert');
	run('git', 'init', '-q', 'shop');
	writeFileSync(join(folder, 'shop/app.py'), 'print(1)\n');
	run('git', '-C', 'shop', 'add', '-A');
	run('git', '-C', 'shop', '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'x');
	run('git', '-C', 'shop', 'update-server-info');
	run('git', '-C', 'shop', 'remote', 'add', 'origin', `git@${host}:jessica/open.git`);
	mkdirSync(join(folder, 'home'));
	writeFileSync(join(folder, 'home/.netrc'), `machine ${host} login jessica password kept\n`, {mode: 0o600});
	const read = (name: string) => readFileSync(join(folder, name));
	server = createServer({key: read('key'), cert: read('cert')}, (request, response) => {
		const [, name, path = ''] = /^\/jessica\/(open|closed)\.git\/([\w/.]+)/.exec(request.url ?? '') ?? [];
		const isLetIn = name === 'open' || request.headers.authorization !== undefined;
		if (!isLetIn) response.writeHead(401, {'www-authenticate': 'Basic realm="git"'}).end();
		else if (/^(?:info\/refs|HEAD)$/.test(path)) response.end(read(`shop/.git/${path}`));
		else response.writeHead(404).end();
	});
	await new Promise<void>(resolve => server.listen(443, host, resolve));
	vi.stubEnv('GIT_SSL_CAINFO', join(folder, 'cert'));
	vi.stubEnv('HOME', join(folder, 'home'));
	vi.stubEnv('no_proxy', host);
});

afterAll(async () => {
	vi.unstubAllEnvs();
	await new Promise(resolve => server.close(resolve));
	rmSync(folder, {recursive: true, force: true});
});

test('what anybody may read has an address over https, and what wants a password has none, though one is kept here', async () => {
	expect(await publicAddress(`git@${host}:jessica/open.git`)).toBe(`https://${host}/jessica/open.git`);
	expect(await publicAddress(`git@${host}:jessica/closed.git`)).toBeUndefined();
	expect(await publicAddress(`git@${host}:jessica/none.git`)).toBeUndefined();
});

test('the origin of a clone is read by the box over https where anybody may, and any other address as it is given', async () => {
	const here = cloneHere(join(folder, 'shop'));
	const origin = `git@${host}:jessica/open.git`;
	expect(here?.remote).toBe(origin);
	expect(await readApp(origin, undefined, here)).toMatchObject({repository: `https://${host}/jessica/open.git`});
	// Read once more at that address, its files are still those of the clone.
	expect(await readApp(`https://${host}/jessica/open.git`, undefined, here)).toMatchObject({folder: here?.folder});
	expect(await readApp(join(folder, 'shop'), undefined, here)).not.toHaveProperty('repository');
});
