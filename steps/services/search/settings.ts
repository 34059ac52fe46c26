/** The repository of its makers, for the major version that is current (elastic.co/guide: Install Elasticsearch with Debian Package). */
export const vendor = 'artifacts.elastic.co/packages/9.x/apt';
export const vendorKey = 'artifacts.elastic.co/GPG-KEY-elasticsearch';
/** As the makers print it in their guide. */
const fingerprint = '46095ACC8548582C1A2699A9D27D666CD88E42B4';

export const paths = {
	key: '/etc/apt/keyrings/elasticsearch.asc',
	source: '/etc/apt/sources.list.d/elasticsearch.sources',
	node: '/etc/elasticsearch/elasticsearch.yml',
	heap: '/etc/elasticsearch/jvm.options.d/boxwizard.options',
} as const;

export const source = [
	'Types: deb',
	`URIs: https://${vendor}`,
	'Suites: stable',
	'Components: main',
	`Signed-By: ${paths.key} ${fingerprint}`,
	'',
].join('\n');

/**
 * One node that only programs of this box reach, over the loopback. A password would protect nothing there: every
 * program that could ask may ask, as with Redis, and what is in the index is in the database too.
 */
export const nodeSettings = [
	'# Search for one app, on this box only.',
	'cluster.name: boxwizard',
	'discovery.type: single-node',
	'network.host: _local_',
	'path.data: /var/lib/elasticsearch',
	'path.logs: /var/log/elasticsearch',
	'xpack.security.enabled: false',
	'xpack.security.autoconfiguration.enabled: false',
	'# What one small index does not need: machine learning takes memory, geoip downloads.',
	'xpack.ml.enabled: false',
	'ingest.geoip.downloader.enabled: false',
	'',
].join('\n');

/** A quarter of the memory: the database, the app and the file cache live beside it. Left alone it would take half. */
export function heapSettings(megabytes: number): string {
	const heap = Math.min(8192, Math.max(512, Math.floor(megabytes / 4)));
	return [`-Xms${heap}m`, `-Xmx${heap}m`, ''].join('\n');
}
