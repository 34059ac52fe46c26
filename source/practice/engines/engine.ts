import type {Place} from '../place.ts';
import type {BoxRecord, EngineName, Progress, Release} from '../types.ts';

/** A way to run boxes and the servers beside them on this machine. */
export interface PracticeEngine {
	readonly name: EngineName;
	/** Why it cannot work here, in words; nothing when it can (once its packages are there). */
	obstacle(): Promise<string | undefined>;
	/** Packages of this machine's distribution it still needs. */
	missingPackages(): Promise<readonly string[]>;
	/** Installs them with the distribution's own package tool. */
	installPackages(progress: Progress): Promise<void>;
	/** Makes the image of a release unless it is there, and answers its name. */
	ensureImage(place: Place, release: Release, inUse: () => readonly string[], progress: Progress): Promise<string>;
	/** Makes the network and starts the servers unless they run; their ports may not answer yet. */
	startServices(place: Place, image: string, certificateDays?: number): Promise<void>;
	stopServices(place: Place): Promise<void>;
	/** Runs a script as root where the servers are. */
	servicesShell(place: Place, script: string): Promise<string>;
	/** Powers a box on; the first time it is made and root's way in is written to the box's folder. */
	boot(place: Place, box: BoxRecord): Promise<void>;
	/** Power loss. */
	kill(place: Place, box: BoxRecord): Promise<void>;
	running(place: Place, box: BoxRecord): Promise<boolean>;
	/** Something that is another at each boot, seen without entering the box; nothing between two boots. */
	bootMark(place: Place, box: BoxRecord): Promise<string | undefined>;
	/** Runs a script as root in the box, past SSH. */
	console(place: Place, box: BoxRecord, script: string): Promise<string>;
	/** Forgets everything about a box that has been killed, but its folder. */
	erase(place: Place, box: BoxRecord): Promise<void>;
}
