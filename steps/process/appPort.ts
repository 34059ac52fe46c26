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

/** Where a new version of the app listens while the one before still answers, and the other way round with the next one. */
export const secondPort = z
	.number()
	.int()
	.min(1024)
	.max(65_535)
	.default(8400)
	.meta({
		unlike: ['appPort', 'sshPort'],
		title: 'Second port',
		description: 'Where a new version of the app listens, beside the one that runs. They change places.',
		detail: true,
	});
