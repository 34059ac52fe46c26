import {z} from 'zod';
import {digest} from '../../../source/contract/file-fact.ts';
import {defineStep, type Hand, type Probe} from '../../../source/contract/step.ts';
import {Trouble, type TroubleParts} from '../../../source/contract/trouble.ts';
import {options} from '../../options/shared.ts';
import {readMemory} from '../../process/memory.ts';
import {readInstalled, readUnits} from '../../system/units.ts';
import {readResidue, removeLeftovers} from '../leftovers.ts';
import {heapSettings, nodeSettings, paths, source, vendor, vendorKey} from './settings.ts';

/** MB. It starts with less, and takes the rest of the box down with it. */
const leastMemory = 2048;

/** Full-text search, on this box only. */
export const elasticsearch = defineStep({
	id: 'services/elasticsearch',
	title: 'Full-text search',
	why: 'Elasticsearch keeps an index of the app’s texts, so that visitors can search them. It comes from its maker’s own signed repository, because the distributions have none; without it the app works, but finds nothing.',
	service: 'elasticsearch',
	needs: ['services/packages'],
	options: z.object({services: options.services}),
	wanted: ({services}) => services.includes('elasticsearch'),
	async check($) {
		const [memory, installed, units, sources, key, node, heap, exposed, residue] = await Promise.all([
			readMemory($),
			readInstalled($),
			readUnits($),
			$`grep -lsF ${vendor} /etc/apt/sources.list /etc/apt/sources.list.d/*`,
			$.file(paths.key),
			$.file(paths.node),
			$.file(paths.heap),
			readExposed($),
			readResidue($, ['elasticsearch']),
		]);
		if (memory < leastMemory) throw tooSmall(memory);
		const {active, enabled} = units['elasticsearch.service'];
		return {
			memory,
			installed: installed.has('elasticsearch'),
			source: sources !== '',
			key: key !== null,
			// Not their owner and mode: those are the package's.
			configured: node?.digest === digest(nodeSettings) && heap?.digest === digest(heapSettings(memory)),
			running: active && enabled,
			exposed,
			residue,
		};
	},
	done: facts => facts.installed && facts.source && facts.configured && facts.running && facts.exposed === '',
	apply($, {memory, installed, source: known}) {
		// Before the package: it takes a file of ours for its own, and makes no keys and passwords that it would print.
		$.file(paths.node, nodeSettings);
		$.file(paths.heap, heapSettings(memory));
		if (!known) addSource($);
		if (!installed) $.packages(['elasticsearch']);
		// systemd waits until it answers (Type=notify).
		$.service('elasticsearch', 'enable');
		if (installed) $.service('elasticsearch', 'restart');
	},
	undo($, before) {
		if (!before.installed) $.removePackages();
		for (const path of [paths.node, paths.heap, paths.source]) $.restore(path);
		if (!before.key) $`rm -f ${paths.key}`;
		if (!before.source) $`rm -f /var/lib/apt/lists/${vendor.replaceAll('/', '_')}_*`;
		if (before.installed) $.service('elasticsearch', 'try-restart');
		else removeLeftovers($, ['elasticsearch'], before.residue);
	},
	notUndone: 'The search index goes with it: the app can make it anew from its database.',
	explain,
	async verify($) {
		const answer = await $`curl --silent --show-error --noproxy '*' --max-time 20 http://127.0.0.1:9200/ 2>&1`;
		if (answer.includes('"cluster_name"')) return;
		throw new Trouble({
			what: 'Elasticsearch runs, but it does not answer on port 9200 of the box.',
			means: 'The app would find nothing: every search of it fails.',
			next: 'Read its last lines below, mend what they name, then try again.',
			evidence: [answer, ...(await $`journalctl --unit=elasticsearch --lines=12 --no-pager --output=cat`).split('\n')],
			code: 'search-silent',
		});
	},
});

/** Only this one key is taken for the repository's, whatever else the file holds (sources.list(5), Signed-By). */
function addSource($: Hand): void {
	$.folder('/etc/apt/keyrings');
	$`curl --fail --silent --show-error --location --retry 3 --max-time 60 --output ${paths.key} https://${vendorKey}`;
	$`chmod 0644 ${paths.key}`;
	$.file(paths.source, source);
	// Of this source alone; without `any` a warning is all that a list which can't be had or is wrongly signed comes to.
	const only = [
		'APT::Update::Error-Mode=any',
		'Dir::Etc::sourceparts=-',
		`Dir::Etc::sourcelist=${paths.source}`,
		'APT::Get::List-Cleanup=0',
	];
	// One that can't be read would stop every later update of the lists too.
	$`apt_get update ${only.flatMap(setting => ['-o', setting])} || { restore_file ${paths.source}; false; }`;
}

/** Addresses beyond the loopback that it listens on. */
function readExposed($: Probe): Promise<string> {
	return $`ss -Hltn '( sport = :9200 or sport = :9300 )' | awk '$4 !~ /^(127[.]|\\[::1\\]|\\[::ffff:127[.])/ {print $4}'`;
}

function tooSmall(memory: number): Trouble {
	return new Trouble({
		what: `This box has ${memory} MB of memory; Elasticsearch wants at least ${leastMemory}.`,
		means: 'It would push the database and the app out of memory, and one of them would be killed. Nothing was done.',
		next: 'Take a larger box, or leave search out (--set search=none). An Elasticsearch elsewhere is given as ELASTICSEARCH_URL=… among the further variables of the app.',
		code: 'too-little-memory',
	});
}

/** What a failed apply's log means. */
function explain(log: readonly string[]): TroubleParts | undefined {
	const evidence = log.filter(line => line.trim() !== '').slice(-12);
	const lines = log.join('\n');
	if (/NO_PUBKEY|is not signed|not signed by|Missing key|could not be verified/i.test(lines)) {
		return {
			what: 'The repository of Elasticsearch is not signed by the key that boxwizard knows.',
			means: 'Its maker has changed the key, or someone stands between the box and it. Nothing of it was installed.',
			next: 'See whether a newer boxwizard knows the new key. Until then leave search out: --set search=none',
			evidence,
			code: 'search-not-signed',
		};
	}

	if (/^curl: \(\d+\)/m.test(lines)) {
		return {
			what: `The box does not reach ${vendor.split('/')[0]}, where Elasticsearch comes from.`,
			means: 'No distribution has a package of it, so it can only come from there.',
			next: 'Give the box a way to it, or leave search out (--set search=none), then try again.',
			evidence,
			code: 'search-unreachable',
		};
	}

	return undefined;
}
