import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';

type Answers = {readonly mail: string; readonly email: string; readonly relayHost: string; readonly relayPort: number};

/**
 * Whether mail finds its way out: the relay, or else the mail server of the person's own address, answers the box.
 * Many providers close port 25, silently. An address whose domain names no mail server tells nothing.
 * @throws Trouble where nobody answers
 */
export async function outgoingRoute($: Probe, {mail, email, relayHost, relayPort}: Answers): Promise<void> {
	const relayed = mail === 'relay';
	const host = relayed ? relayHost : await mailServer($, email);
	if (host === '') return;
	const port = relayed ? relayPort : 25;
	const answer = await $`timeout 8 bash -c ${`exec 3<>/dev/tcp/${host}/${port} && head -n 1 <&3`}`;
	if (!answer.startsWith('220')) throw relayed ? relaySilent(host, port) : port25Closed(host);
}

/** The preferred mail server of an address: 'mx.example.com'. '' where none is named. */
async function mailServer($: Probe, email: string): Promise<string> {
	const records = await $.outside.resolve(email.split('@')[1] ?? '', 'MX');
	const servers = records.map(record => {
		const [preference, name = ''] = record.split(/\s+/);
		return {preference: Number(preference), name: name.replace(/\.$/, '')};
	});
	return servers.sort((a, b) => a.preference - b.preference)[0]?.name ?? '';
}

function port25Closed(host: string): Trouble {
	return new Trouble({
		what: `The box can’t reach ${host} on port 25.`,
		means:
			'Your provider most likely closes port 25 for outgoing mail, as many do against spam. Mail would pile up in the queue.',
		next: 'Set “Outgoing mail” to relay and use the server of a mail provider on port 587 or 2525, or ask your provider to open port 25.',
		evidence: [`${host}:25 did not answer within 8 s`],
		code: 'port-25-closed',
	});
}

function relaySilent(host: string, port: number): Trouble {
	return new Trouble({
		what: `The relay ${host} does not answer on port ${port}.`,
		means: 'The name or the port is wrong, or your provider closes this port.',
		next: 'Look the server’s name and ports up at your mail provider; 2525 is open more often than 587.',
		evidence: [`${host}:${port} did not answer within 8 s`],
		code: 'relay-silent',
	});
}
