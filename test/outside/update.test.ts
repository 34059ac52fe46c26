import {type AddressInfo, createServer, type Server} from 'node:net';
import {afterEach, expect, test} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {readAnswer, sign} from '../../source/outside/message.ts';
import {sendRecords} from '../../source/outside/update.ts';

const server = {
	server: '127.0.0.1',
	zone: 'example.test',
	key: 'practice-key',
	secret: new Secret('c2VjcmV0IG9mIHRoZSBleGFtcGxlIHpvbmUsIDMyIGI='),
};

/** One update as nsupdate 9.18 signed and sent it, and the answer of named 9.18. */
const time = 0x6b00e8bd;
const unsigned =
	'b19828000001000000030000076578616d706c650474657374000006000106766563746f72c00c000100ff000000000000c01e000500ff000000000000c01e000100010000003c0004cb007107';
const signature =
	'0c70726163746963652d6b65790000fa00ff00000000003d0b686d61632d7368613235360000006b00e8bd012c0020c771f08575330ef41bf6d3ac5bb34c1da6110a926808a47936313f620f01aacab19800000000';
const answered =
	'b198a8000001000000000001076578616d706c65047465737400000600010c70726163746963652d6b65790000fa00ff00000000003d0b686d61632d7368613235360000006b00e8bd012c00208e5c505aa4fa26aecafd1f7dc65429da57cd5951d483007515d5dbf55fb20969b19800000000';

let running: Server | undefined;
afterEach(() => running?.close());

test('signs an update as nsupdate does', () => {
	const {signed} = sign(Buffer.from(unsigned, 'hex'), server, time);
	const whole = Buffer.from(unsigned + signature, 'hex');
	whole.writeUInt16BE(1, 10);
	expect(signed.toString('hex')).toBe(whole.toString('hex'));
});

test('takes only the answer that named signed for this very update', () => {
	const {mac} = sign(Buffer.from(unsigned, 'hex'), server, time);
	const answer = Buffer.from(answered, 'hex');
	expect(readAnswer(answer, server, mac)).toEqual({code: 0, keyError: 0, authentic: true});
	expect(readAnswer(answer, server, Buffer.alloc(32)).authentic).toBe(false);
	const changed = Buffer.from(answer);
	changed.writeUInt8(0x29, 3);
	expect(readAnswer(changed, server, mac)).toEqual({code: 9, keyError: 0, authentic: false});
});

test('an answer that is cut short, forged or refusing is a Trouble that says so', async () => {
	const record = {name: 'box.example.test', type: 'A', value: '203.0.113.7', ttl: 60} as const;
	const attempts = [
		{bytes: '000c0000a8', code: 'dns-update-unreachable'},
		{bytes: '0000a800000000000000000000', code: 'dns-update-unreachable'},
		{bytes: '000c0000a8000000000000000000', code: 'dns-update-unsigned'},
		{bytes: '000c0000a8050000000000000000', code: 'dns-update-refused'},
	];
	for (const {bytes, code} of attempts) {
		const port = await answering(Buffer.from(bytes, 'hex'));
		const trouble = await sendRecords({...server, server: `127.0.0.1:${port}`}, [record]).catch(
			(error: unknown) => error,
		);
		expect(trouble).toBeInstanceOf(Trouble);
		expect(trouble).toHaveProperty('code', code);
		running?.close();
	}
});

async function answering(bytes: Buffer): Promise<number> {
	const listening = createServer(socket => socket.once('data', () => socket.end(bytes)));
	running = listening;
	await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
	return (listening.address() as AddressInfo).port;
}
