import type {Finding, Unknown} from '../../../source/contract/diagnosis/examination.ts';
import type {BoxDue} from '../../../source/contract/due.ts';
import type {Field} from '../../../source/contract/ui/field.ts';
import type {FoundApp} from '../../../source/contract/ui/found-app.ts';
import type {KnownApp} from '../../../source/contract/ui/known-host.ts';
import type {Answers, Resumable} from '../../../source/contract/ui/setup.ts';
import type {TroubleshootEvent} from '../../../source/contract/ui/troubleshooting.ts';

/** How the fake wizard plays its part. */
export type FakeOptions = {
	/** Milliseconds between two events. */
	readonly pace?: number;
	/** What is asked while the box is opened. */
	readonly questions?: readonly ('trust-host' | 'password' | 'new-password')[];
	readonly resumable?: Resumable;
	readonly refuses?: boolean;
	/** The user is there already, which has to be decided. */
	readonly existingUser?: boolean;
	readonly unsupported?: boolean;
	/** Id of a step that fails the first time. */
	readonly fails?: string;
	/** Its cause is known, and a key puts it right. */
	readonly knowsCause?: boolean;
	/** Id of a step at which the run rests for good: at its proof, or while DNS is half there. */
	readonly rests?: string;
	/** The records are never made: the run waits until it is told to stop, or until nobody goes on with it. */
	readonly waits?: boolean;
	/** An earlier run left a job that hangs: it is waited for until it is ended. */
	readonly hangs?: boolean;
	readonly answers?: Answers;
	/** The repository that is offered, and what is found in whatever is asked for; without it nothing can be read. */
	readonly likely?: string;
	readonly found?: Partial<FoundApp>;
	/** Variables that only the person knows. */
	readonly variables?: readonly Field[];
	/** Apps that the box carries already. */
	readonly apps?: readonly KnownApp[];
	readonly dues?: readonly BoxDue[];
	/** What is remembered of them before anybody looks. */
	readonly remembered?: readonly BoxDue[];
	/** What the doctor finds. */
	readonly findings?: readonly Finding[];
	readonly unknown?: readonly Unknown[];
	/** The doctor's first look fails. */
	readonly sick?: boolean;
	/** What troubleshooting tells; the reply to each diagnosis is heard. */
	readonly troubles?: readonly TroubleshootEvent[];
	/** Told of what is called. */
	readonly heard?: (call: string, ...details: readonly unknown[]) => void;
};
