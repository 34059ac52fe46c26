import {z} from 'zod';

/** What a Python app is made of, beside what every app is. */

/** The file that its packages are installed from, inside the app's folder: 'uv.lock', 'requirements/prod.txt'. '' looks for it in each release; 'none': there is none. */
export const dependencyFile = z
	.string()
	.regex(
		/^(?:(?!\/)(?!.*\.\.)[\w.@+-]+(?:\/[\w.@+-]+)*)?$/,
		'A file inside the repository, such as requirements/prod.txt',
	)
	.default('')
	.meta({
		title: 'Packages from',
		description: 'A lock file, a requirements file or pyproject.toml. Empty: looked for in each version.',
		placeholder: 'requirements.txt',
		detail: true,
	});

/** Packages of PyPI beside those of the dependency file, as pip writes them. */
export const extraPackages = z
	.array(
		z
			.string()
			.regex(/^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:[<>=!~]=?[\w.*]+)?$/, 'A package such as flask or flask==3.0'),
	)
	.default([])
	.meta({title: 'More packages', description: 'Of PyPI, beside those that the repository names.', detail: true});

/** The Python that is asked for, as PEP 440 has it ('>=3.11') or as a plain version ('3.12'). '' looks for it in each release. */
export const pythonVersion = z
	.string()
	.regex(/^[<>=!~^\d.,*\s|a-z]{0,60}$/, 'A version such as 3.12 or >=3.11')
	.default('')
	.meta({
		title: 'Python',
		description: 'The version it needs. Empty: what the repository asks for, else the distribution’s.',
		placeholder: '3.12',
		detail: true,
	});

/** What the server loads: 'shop:create_app()', 'app.main:api'. '' looks for it in each release, as `flask` does. */
export const entry = z
	.string()
	.regex(
		/^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.\w+)*(?:\([^'"\\$`]*\))?)?$/,
		'A module and the app in it, such as shop:app or shop:create_app()',
	)
	.default('')
	.meta({
		title: 'App to load',
		description: 'The module, and the app in it or what makes it. Empty: looked for.',
		placeholder: 'shop:create_app()',
		detail: true,
	});

/** How it is served: as a WSGI or an ASGI app, or by a server of its own ('http': see the start command). */
export const serverInterface = z.enum(['wsgi', 'asgi', 'http']).default('wsgi').meta({
	title: 'Interface',
	description: 'wsgi: Flask, Django and their like; asgi: FastAPI and its like; http: it listens by itself.',
	detail: true,
});

/** Django's settings: 'shop.settings.production'. '' for none. */
export const settingsModule = z
	.string()
	.regex(/^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?$/, 'A module such as shop.settings')
	.default('')
	.meta({title: 'Django’s settings', description: 'Their module. Empty: what manage.py names.', detail: true});

/** The scheme of the address of its database: 'postgresql+asyncpg'. '' as SQLAlchemy has it with the usual drivers. */
export const databaseScheme = z
	.string()
	.regex(/^(?:[a-z][a-z0-9]*(?:\+[a-z0-9_]+)?)?$/, 'A scheme such as postgresql+asyncpg')
	.default('')
	.meta({
		title: 'Database scheme',
		description: 'How the address of its database begins. Empty: as SQLAlchemy takes it.',
		detail: true,
	});
