import {z} from 'zod';

/** Folders inside the app that it writes to: links into its state folder, so that they outlive a release. */
export const stateFolders = z
	.array(
		z
			.string()
			.regex(/^(?!.*\.\.)(?!\.git)[\w][\w.-]*(\/[\w][\w.-]*)*$/, 'A folder inside the app, such as app/static/uploads'),
	)
	.default(['logs', 'instance'])
	.meta({
		title: 'Folders it writes',
		description: 'Folders inside the app that it may write to. They are kept when a new version is deployed.',
		detail: true,
	});

/** Databases of SQLite at a fixed place inside the app: links into its state folder, where SQLite has a folder that it may write to. */
export const stateFiles = z
	.array(
		z.string().regex(/^(?!.*\.\.)(?!\.git)[\w][\w.-]*(\/[\w][\w.-]*)*$/, 'A file inside the app, such as db.sqlite3'),
	)
	.default([])
	.meta({
		title: 'Databases it writes',
		description:
			'Files of SQLite inside the app, at a place that its code names. They are kept when a new version is deployed.',
		detail: true,
	});
