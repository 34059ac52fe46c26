import {z} from 'zod';
import {digest} from '../../source/contract/file-fact.ts';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {Trouble, type TroubleParts} from '../../source/contract/trouble.ts';
import {appFolder, pathsOf} from '../folders/paths.ts';
import {folder, statics as staticsOption} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {appPort, secondPort} from '../process/appPort.ts';
import {readUnits} from '../system/units.ts';
import {type Pair, type StaticPlace, siteText, withoutCertificate} from './site.ts';
import {nameOf, readTaken, takenInWords} from './takenNames.ts';
import {markVisits, visitsSince} from './visits.ts';

/** Where the certificates lie that the box signs itself. */
const ownCertificates = '/etc/nginx/ssl';

/** The site: nginx before the app, with a certificate of its own making until there is a real one. */
export const nginx = defineStep({
	id: 'web/nginx',
	title: 'Web server',
	why: 'nginx takes every visitor, speaks HTTPS with them, hands out static files itself and asks the app for the rest. Until the certificate comes it uses one that it signed itself.',
	needs: ['services/nginx', 'process/web'],
	options: z.object({
		app: options.app,
		domain: options.domain,
		aliases: options.aliases,
		appPort,
		secondPort,
		folder,
		statics: staticsOption,
		staticFolder: z
			.string()
			.regex(/^([\w][\w.-]*(\/[\w][\w.-]*)*)?$/, 'A folder inside the app, such as app/static')
			.default('app/static')
			.meta({
				title: 'Static files',
				description:
					'Served by nginx itself under /static/, where the app has this folder, and no static folders are named.',
				detail: true,
			}),
		uploadLimit: z
			.number()
			.int()
			.min(1)
			.max(10_000)
			.default(16)
			.meta({title: 'Largest upload (MB)', description: 'What is bigger is refused with 413.', detail: true}),
		existingSite: z.string().max(200).default('').meta({
			title: 'Existing site',
			description: 'A site of nginx may have this name already: the name of its file once more takes it out of nginx.',
			detail: true,
			ofApp: true,
			personal: true,
		}),
	}),
	visits: {
		mark: ($, {app}) => markVisits($, app),
		since: ($, {app}, mark) => visitsSince($, app, mark),
	},
	async check($, answers) {
		const {app, domain} = answers;
		const path = sitePathsOf(app);
		const places = placesOf(answers);
		const [site, inPlace, ipv6, version, units, pairs, taken] = await Promise.all([
			$`cat ${path.available}; echo .`,
			// A line each, empty where it is not there. Then the folders that are there: nginx would answer for the others in the app's place.
			$`printf '%s\\n' "$(readlink -e ${path.enabled})" "$([ -f ${selfSigned(domain).chain} ] && [ -f ${selfSigned(domain).key} ] && echo made)"
for folder in ${places.map(place => place.folder)}; do if [ -d "$folder" ]; then echo "$folder"; fi; done`,
			$`[ -e /proc/net/if_inet6 ] && echo yes`,
			$`nginx -v 2>&1`,
			readUnits($),
			// Of the files that the site names, those that are there.
			$`sed -nE 's/^[[:space:]]*ssl_certificate(_key)?[[:space:]]+([^;]+);.*/\\2/p' ${path.available} | while read -r file; do [ -f "$file" ] && echo "$file"; done`,
			readTaken($, path.enabled, namesOf(answers)),
		]);
		const [link, made, ...folders] = inPlace.split('\n');
		const there = new Set(folders);
		return {
			site: digest(withoutCertificate(site.slice(0, -1))),
			certificate: certificateOf(site, pairs.split('\n'), domain),
			linked: link === path.available,
			selfSigned: made === 'made',
			statics: places.filter(place => there.has(place.folder)),
			ipv6: ipv6 !== '',
			version: /nginx\/([\d.]+)/.exec(version)?.[1] ?? '',
			running: units['nginx.service'].active && units['nginx.service'].enabled,
			taken,
		};
	},
	done: (facts, answers) =>
		facts.site === digest(withoutCertificate(textOf(facts, answers))) &&
		facts.linked &&
		facts.running &&
		facts.certificate !== null &&
		facts.taken.length === 0,
	concern({taken}, {existingSite, ...answers}) {
		const [first] = taken;
		if (first === undefined || (existingSite === nameOf(first) && taken.length === 1 && first.others.length === 0))
			return undefined;
		return {option: 'existingSite', message: takenInWords(taken, namesOf(answers))};
	},
	apply($, facts, answers) {
		const {available, enabled} = sitePathsOf(answers.app);
		if (!facts.selfSigned && facts.certificate === null) {
			const {chain, key} = selfSigned(answers.domain);
			const names = namesOf(answers).map(name => `DNS:${name}`);
			$.folder(chain.slice(0, chain.lastIndexOf('/')), {mode: '0700'});
			$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj ${`/CN=${answers.domain.slice(0, 64)}`} -addext ${`subjectAltName=${names.join(',')}`} -keyout ${key} -out ${chain} 2>/dev/null`;
		}

		for (const {path} of facts.taken) $.remove(path);
		$.file(available, textOf(facts, answers));
		$.link(enabled, available);
		// A site that nginx refuses must not stand there at its next start.
		$`nginx -t -q || { rm -f ${enabled}; false; }`;
		$.service('nginx', 'enable');
		$.service('nginx', 'reload');
	},
	undo($, {taken = []}, {app, domain}) {
		const {available, enabled} = sitePathsOf(app);
		for (const path of [enabled, available, ...taken.map(site => site.path)]) $.restore(path);
		const {chain} = selfSigned(domain);
		$`rm -rf ${chain.slice(0, chain.lastIndexOf('/'))} /var/log/nginx/${app}_access.log* /var/log/nginx/${app}_error.log*`;
		$`rmdir --ignore-fail-on-non-empty ${ownCertificates} || true`;
		reloadIfItCan($);
	},
	explain: explainNginx,
	async verify($, {domain}) {
		const ask = [
			'curl',
			'--silent',
			'--insecure',
			'--output',
			'/dev/null',
			'--max-time',
			'30',
			'--write-out',
			'%{http_code} %{redirect_url}',
			'--noproxy',
			'*',
		];
		const [plain, secure] = await Promise.all([
			// A reload returns before its new workers answer, and says no word when they do.
			$`for try in $(seq 100); do answer=$(${ask} --resolve ${`${domain}:80:127.0.0.1`} ${`http://${domain}/`}); case $answer in 301*) break ;; esac; sleep 0.1; done; echo "$answer"`,
			$`for try in $(seq 100); do answer=$(${ask} --resolve ${`${domain}:443:127.0.0.1`} ${`https://${domain}/`}); case $answer in 000*) sleep 0.1 ;; *) break ;; esac; done; echo "$answer"`,
		]);
		if (plain === `301 https://${domain}/` && /^[1-4]\d\d /.test(secure)) return;
		throw new Trouble({
			what: `nginx does not serve ${domain} as it should.`,
			means: 'Visitors would see an error, or someone else’s page.',
			next: 'Another site in /etc/nginx/sites-enabled may have taken this name; the lines below show what was answered.',
			evidence: [
				`http://${domain}/ → ${plain}`,
				`https://${domain}/ → ${secure}`,
				...(await $`nginx -t 2>&1 | tail -n 5`).split('\n'),
			],
			code: 'site-not-served',
		});
	},
});

/** For an undo: it must not be held up by an nginx that rests, or by a site of somebody else's that nginx refuses. */
export function reloadIfItCan($: Hand): void {
	$`if ! systemctl is-active --quiet nginx; then echo 'nginx does not run: nothing to reload.'
elif nginx -t -q; then systemctl reload nginx
else echo 'nginx refuses its sites as they stand: it goes on with those that it has read before.'; fi`;
}

/** nginx has refused the sites as they stand together: its own words, and what they mean. */
function explainNginx(log: readonly string[]): TroubleParts | undefined {
	const said = log.filter(line => line.includes('[emerg]'));
	if (said.length === 0) return undefined;
	const twice = said.some(line => /a duplicate default server/.test(line));
	return {
		what: 'nginx does not take its sites as they stand now.',
		means:
			'It was asked before anything was loaded: it serves on what it served before, and the new site is out again.',
		next: twice
			? 'Two of your sites in /etc/nginx/sites-enabled say “default_server” for one address: take the word out of one of them, and retry.'
			: 'Mend the file and line below, until `nginx -t` on the box is content, and retry.',
		evidence: said.slice(0, 6),
		code: 'nginx-refuses',
	};
}

type Answers = {
	app: string;
	domain: string;
	aliases: readonly string[];
	appPort: number;
	secondPort: number;
	uploadLimit: number;
};
type Facts = {certificate: Pair | null; statics: readonly StaticPlace[]; ipv6: boolean; version: string};

function textOf({certificate, statics, ipv6, version}: Facts, answers: Answers): string {
	return siteText({
		app: answers.app,
		names: namesOf(answers),
		ports: answers,
		certificate: certificate ?? selfSigned(answers.domain),
		statics,
		uploadLimit: answers.uploadLimit,
		ipv6,
		version,
	});
}

/** Folders of the live release that nginx hands out itself, where they are there. */
function placesOf({app, folder, statics, staticFolder}: StaticAnswers): StaticPlace[] {
	const {current} = pathsOf(app);
	if (statics === undefined)
		return staticFolder === '' ? [] : [{url: '/static/', folder: `${appFolder(current, folder)}/${staticFolder}`}];
	return Object.entries(statics).map(([url, path]) => ({
		url,
		folder: `${appFolder(current, folder)}/${path.replace(/\/$/, '')}`,
	}));
}

type StaticAnswers = {
	readonly app: string;
	readonly folder: string;
	readonly statics?: Readonly<Record<string, string>> | undefined;
	readonly staticFolder: string;
};

/** The certificate that the site has now, where its files are still there and it is not one made for another domain. */
function certificateOf(site: string, files: readonly string[], domain: string): Pair | null {
	const chain = /^\s*ssl_certificate\s+([^;]+);/m.exec(site)?.[1];
	const key = /^\s*ssl_certificate_key\s+([^;]+);/m.exec(site)?.[1];
	if (!chain || !key || (chain.startsWith(ownCertificates) && chain !== selfSigned(domain).chain)) return null;
	return files.includes(chain) && files.includes(key) ? {chain, key} : null;
}

const namesOf = ({domain, aliases}: {domain: string; aliases: readonly string[]}) => [...new Set([domain, ...aliases])];

function sitePathsOf(app: string) {
	return {available: `/etc/nginx/sites-available/${app}`, enabled: `/etc/nginx/sites-enabled/${app}`} as const;
}

function selfSigned(domain: string): Pair {
	return {chain: `${ownCertificates}/${domain}/cert.pem`, key: `${ownCertificates}/${domain}/key.pem`};
}
