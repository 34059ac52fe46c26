import type {Secret} from '../secret.ts';

/** What may have to be asked while a door is opened. Each is one screen, or a flag where there is no terminal. */
export type Question =
	| {
			readonly kind: 'trust-host';
			readonly host: string;
			readonly port: number;
			/** 'ssh-ed25519' */
			readonly keyType: string;
			/** 'SHA256:…' as ssh-keygen -lf shows it. */
			readonly fingerprint: string;
	  }
	| {readonly kind: 'password'; readonly user: string; readonly host: string; readonly wrong: boolean}
	| {readonly kind: 'passphrase'; readonly identity: string; readonly wrong: boolean}
	| {
			readonly kind: 'prompts';
			readonly title: string;
			readonly instructions: string;
			readonly prompts: readonly {readonly text: string; readonly echo: boolean}[];
	  }
	| {readonly kind: 'sudo-password'; readonly user: string; readonly wrong: boolean}
	/** The box wants the login password changed before anything else (`chage -d 0`). */
	| {readonly kind: 'new-password'; readonly user: string; readonly reason: string};

/** The answer to each kind. */
export type Answer<Kind extends Question['kind']> = Kind extends 'trust-host'
	? boolean
	: Kind extends 'prompts'
		? readonly Secret[]
		: Secret;

/** Asks the person. @throws Trouble where nobody can be asked (naming the flag that answers it), or the person gave up */
export type Ask = <Kind extends Question['kind']>(question: Extract<Question, {kind: Kind}>) => Promise<Answer<Kind>>;
