import {expect, test} from 'vitest';
import {z} from 'zod';
import {processes, start} from '../../../steps/options/detectedOptions.ts';

const refusal = expect.stringContaining('foreground');

test.each([
	'gunicorn shop:app --daemon',
	'gunicorn -D shop:app',
	'uwsgi --daemonize /tmp/shop.log --http :$PORT',
	'celery -A shop worker --detach',
	'celery multi start w1 -A shop',
	'python serve.py &',
	'nohup python serve.py',
])('%s leaves the foreground, and is refused', line => {
	expect(z.safeParse(start, line).error?.issues[0]?.message).toEqual(refusal);
	expect(z.safeParse(processes, {one: line}).error?.issues[0]?.message).toEqual(refusal);
});

test.each([
	'python prepare.py && python serve.py --port $PORT',
	'python serve.py 2>&1 | tee "$HOME/log"',
	'python serve.py --user-daemons 3',
	'celery -A shop worker',
	'java -Dport=$PORT -jar shop.jar',
])('%s stays, and is taken', line => {
	expect(z.safeParse(start, line).success).toBe(true);
});
