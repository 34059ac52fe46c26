import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';

/** What becomes of a connection once so many bytes have gone one way: both ends are reset, or nothing arrives any more at either. */
export type Fault = {
	readonly kind: 'reset' | 'silence';
	/** 'up' from the wizard to the box, 'down' from the box to the wizard. */
	readonly way: 'up' | 'down';
	/** Bytes that still arrive. */
	readonly after: number;
};

export type ProxyOptions = {
	/** Address of the box whose ssh port is reached through the proxy from now on, by all of this machine. */
	readonly box: string;
	/** Milliseconds that every byte takes longer, each way. */
	readonly latency?: number;
	/** Met one after the other, each by the first connection that gets so far. */
	readonly faults?: readonly Fault[];
	/** So many of the first connections are spared. */
	readonly spared?: number;
};

/** A bad line between a wizard and a box: TCP, byte for byte, until a fault. */
export type BadLine = {
	/** The faults that were met, in order. */
	readonly met: () => readonly Fault[];
	/** Seconds after which the wizard gave up each connection that had fallen silent, in the order in which it did. */
	readonly givenUp: () => readonly number[];
	readonly close: () => Promise<void>;
};

/**
 * Puts itself between this machine and the box's ssh port by a rule of the kernel's (iptables-extensions(8), REDIRECT), so
 * that the wizard sees the box's own address and port, and the box sees this machine's.
 */
export async function openProxy({box, latency = 0, faults = [], spared = 0}: ProxyOptions): Promise<BadLine> {
	const sockets = new Set<Socket>();
	const met: Fault[] = [];
	const givenUp: number[] = [];
	const ahead = [...faults];
	let made = 0;
	const server = createServer({noDelay: true}, near => {
		made += 1;
		const far = connect({host: box, port: 22, localPort: nextPort(), noDelay: true});
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.once('close', () => sockets.delete(socket));
		}
		const onFault = (fault: Fault) => {
			met.push(fault);
			const since = performance.now();
			if (fault.kind === 'silence') near.once('close', () => givenUp.push((performance.now() - since) / 1000));
		};
		join({near, far, latency, faults: made > spared ? ahead : [], onFault});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const straighten = await detour(box, portOf(server));
	return {
		met: () => met,
		givenUp: () => givenUp,
		async close() {
			await straighten();
			for (const socket of sockets) socket.destroy();
			if (!server.listening) return;
			server.close();
			await once(server, 'close');
		},
	};
}

/** Source ports of the proxy's own connections, which go straight to the box; below those the kernel gives out. */
const own = {first: 21_000, last: 21_999};
let port = own.first;

function nextPort(): number {
	port = port === own.last ? own.first : port + 1;
	return port;
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}

/** Answers what takes the rule back. A shell waits for the end of this process, however it ends, and does it then. */
async function detour(box: string, to: number): Promise<() => Promise<void>> {
	const straight = ['!', '--sport', `${own.first}:${own.last}`];
	const rule = [
		'OUTPUT',
		'-p',
		'tcp',
		'-d',
		box,
		'--dport',
		'22',
		...straight,
		'-j',
		'REDIRECT',
		'--to-ports',
		`${to}`,
	];
	const script = 'iptables -w -t nat -I "$@" && echo in place && cat && exec iptables -w -t nat -D "$@"';
	const holder = spawn('sh', ['-c', script, 'sh', ...rule], {stdio: ['pipe', 'pipe', 'inherit'], detached: true});
	const ended = once(holder, 'close');
	const [said] = await Promise.race([once(holder.stdout, 'data'), ended]);
	if (!Buffer.isBuffer(said)) throw new Error(`iptables ended with ${said}`);
	return async () => {
		holder.stdin.end();
		await ended;
	};
}

type Line = {
	readonly near: Socket;
	readonly far: Socket;
	readonly latency: number;
	/** Those still ahead, of all connections. */
	readonly faults: Fault[];
	readonly onFault: (fault: Fault) => void;
};

/** Carries bytes both ways until a fault, or until one end goes. */
function join({near, far, latency, faults, onFault}: Line): void {
	let dead = false;
	const breakDown = (fault: Fault) => {
		dead = true;
		faults.shift();
		onFault(fault);
		if (fault.kind === 'silence') return;
		near.resetAndDestroy();
		far.resetAndDestroy();
	};
	const later = (task: () => void) => void (latency === 0 ? task() : setTimeout(task, latency));
	const carry = (from: Socket, to: Socket, way: Fault['way']) => {
		let carried = 0;
		const deliver = (bytes: Buffer) => {
			if (dead) return;
			const [fault] = faults;
			const left = fault?.way === way ? Math.max(0, fault.after - carried) : Number.POSITIVE_INFINITY;
			if (!to.destroyed) to.write(bytes.subarray(0, left));
			carried += bytes.length;
			if (fault && bytes.length >= left) breakDown(fault);
		};
		from.on('data', (bytes: Buffer) => later(() => deliver(bytes)));
		from.on('error', () => {});
		from.once('close', () => later(() => dead || to.destroy()));
	};
	carry(near, far, 'up');
	carry(far, near, 'down');
}
