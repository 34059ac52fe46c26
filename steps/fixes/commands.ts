import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';

/** The folder that holds all of an app: its releases and what it shares among them, where it has such. */
export function rootOf({folder}: AppOnBox): string {
	return folder.replace(/\/(current|next|releases\/[^/]+|slots\/[^/]+\/release)(\/.*)?$/, '');
}

/** Part of a fix's id: small letters, digits and hyphens. */
export function slug(text: string): string {
	return text
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-|-$/g, '')
		.slice(-60);
}

/** The Python of an app's virtual environment; undefined where its program is none of one. */
export function pythonOf({words}: AppOnBox): string | undefined {
	const program = words.find(word => /\/bin\/(python[\d.]*|gunicorn|uvicorn|flask|rq|celery)$/.test(word));
	return program === undefined ? undefined : program.replace(/\/[^/]+$/, '/python');
}

/** Words before a command that the owner of `folder` runs in it: git and pip leave no file of root's behind. */
export function asOwner(owner: string, folder: string): string[] {
	return ['runuser', '-u', owner, '--', 'env', '-C', folder, `HOME=/home/${owner}`];
}
