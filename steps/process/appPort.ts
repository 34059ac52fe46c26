import {z} from 'zod';

/** Where gunicorn listens and nginx asks: on the loopback only. */
export const appPort = z
	.number()
	.int()
	.min(1024)
	.max(65_535)
	.default(8000)
	.meta({
		unlike: ['sshPort'],
		title: 'App port',
		description: 'Where the app listens inside the box. Two apps on one box need two.',
		detail: true,
	});
