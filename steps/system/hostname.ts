import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep} from '../../source/contract/step.ts';
import {boxName} from '../options/hostname.ts';
import {options} from '../options/shared.ts';

const cloudConfig = '/etc/cloud/cloud.cfg.d/99-boxwizard.cfg';

/** The box's own name: in /etc/hosts, /etc/hostname and /etc/mailname. */
export const hostname = defineStep({
	id: 'system/hostname',
	title: 'Name the box',
	why: 'The box calls itself by your domain, as mail servers expect. Where its name does not resolve, sudo is slow and mail is taken for spam.',
	needs: ['system/ready'],
	options: z.object({domain: options.domain, hostname: options.hostname}),
	async check($, answers) {
		const name = boxName(answers);
		const [running, hosts, file, mail, cloudFolder, cloud] = await Promise.all([
			$`uname --nodename`,
			$`cat /etc/hosts`,
			$.file('/etc/hostname'),
			$.file('/etc/mailname'),
			$`ls -d /etc/cloud/cloud.cfg.d`,
			$.file(cloudConfig),
		]);
		return {
			running,
			resolves: hosts.split('\n').includes(hostsLine(name)),
			named: fileIs(file, `${name}\n`) && fileIs(mail, `${name}\n`),
			cloudInit: cloudFolder !== '',
			cloudKnows: fileIs(cloud, cloudInitKeeps(name)),
		};
	},
	done: (facts, answers) =>
		facts.running === boxName(answers) && facts.resolves && facts.named && (facts.cloudKnows || !facts.cloudInit),
	apply($, facts, answers) {
		const name = boxName(answers);
		// Before the name itself: a name that does not resolve makes sudo wait for DNS.
		$.line('/etc/hosts', hostsLine(name), '^127[.]0[.]1[.]1[[:space:]]');
		$.file('/etc/hostname', `${name}\n`);
		$.file('/etc/mailname', `${name}\n`);
		if (facts.cloudInit) $.file(cloudConfig, cloudInitKeeps(name));
		$`hostname ${name}`;
	},
	undo($, before) {
		$`hostname ${before.running}`;
		for (const path of [cloudConfig, '/etc/mailname', '/etc/hostname', '/etc/hosts']) $.restore(path);
	},
});

/** Debian's own way to name a box without a fixed address: 127.0.1.1 (Debian Reference, 5.1.1). */
function hostsLine(domain: string): string {
	return `127.0.1.1\t${domain} ${domain.split('.')[0]}`;
}

/** cloud-init writes /etc/hosts anew at every boot on some providers, from `fqdn` and `hostname`. */
function cloudInitKeeps(domain: string): string {
	return [
		'# The name of this box, for what cloud-init writes at each boot.',
		'preserve_hostname: true',
		'prefer_fqdn_over_hostname: true',
		`fqdn: ${domain}`,
		`hostname: ${domain.split('.')[0]}`,
		'',
	].join('\n');
}
