/** What a port of the box answers, see `Outside.port`. */
export type PortState = 'open' | 'closed' | 'silent' | 'partly' | 'mixed' | 'unknown';

/** What is seen of the box from the person's machine. */
export interface Outside {
	/** The address that the person's machine is seen with by the box (SSH_CONNECTION), and the box's own address and ssh port in that connection. */
	peer(): Promise<{readonly client: string; readonly server: string; readonly port: number}>;
	/** Logs in afresh as `user` with the person's key and runs `sudo -n true` where `sudo` is set and needs no password (else with it). `keys` are the authorized_keys lines that shall open it: of a refusal they tell which has no private half here. Throws a Trouble when it can't. */
	login(user: string, keys?: readonly string[]): Promise<void>;
	/** Tries a TCP connection to the box (IPv4 and, where the box has one, IPv6 give the same answer; else it is 'partly' where one refuses and 'mixed' where one stays silent). What does not answer within `patience` milliseconds is silent; 'unknown' is a way to the box that carries nothing but ssh (ProxyCommand). */
	port(port: number, patience?: number): Promise<PortState>;
	/** Fetches a URL from the person's machine, redirects not followed; `address` fetches from that address whatever DNS says. */
	fetch(url: string, init?: FetchInit): Promise<Fetched>;
	/** DNS records of a name as text: from the person's resolver, or all that any of the zone's authoritative servers, or of the public resolvers, gives. [] where there are none. */
	resolve(name: string, type: RecordType, from?: 'authority' | 'resolver' | 'public'): Promise<readonly string[]>;
	/** The same server by server ('authority' where nothing is said): whether they agree, and where a change has arrived. */
	views(name: string, type: RecordType, from?: 'authority' | 'public'): Promise<readonly View[]>;
	/** The address that the person's machine reaches the box by: behind NAT, not one of the box's own. */
	address(): Promise<string>;
}

/** What one DNS server says of a name. */
export type View = {
	/** The zone that the server was asked as an authority of; '' for a public resolver. A zone without a dot says that nobody has registered the name's domain. */
	readonly zone: string;
	/** The server's name, or its address. */
	readonly server: string;
	/** [] where there are none, or where it gave no answer. */
	readonly records: readonly string[];
	/** The name is another one's alias (CNAME), into a zone that this server does not know. */
	readonly alias?: string;
	/** Why there is no answer, to be read after the server's name: 'does not answer'. */
	readonly problem?: string;
};

export type RecordType = 'A' | 'AAAA' | 'CAA' | 'NS' | 'MX' | 'TXT' | 'SOA';

export type FetchInit = {
	/** Connect to this address instead of asking DNS. */
	readonly address?: string;
	/** Accept any certificate: the answer says by whom it was issued. */
	readonly anyCertificate?: boolean;
	readonly method?: 'GET' | 'HEAD';
};

export type Fetched = {
	readonly status: number;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** At most 64 KiB. */
	readonly body: string;
	/** The leaf certificate, for https. */
	readonly certificate?: Certificate;
};

export type Certificate = {
	readonly issuer: string;
	readonly names: readonly string[];
	/** ISO 8601, UTC. */
	readonly expires: string;
	/** SHA-256. */
	readonly fingerprint: string;
	/** Whether the chain leads to a CA this machine trusts (or to the one given with --acme-ca). */
	readonly trusted: boolean;
};
