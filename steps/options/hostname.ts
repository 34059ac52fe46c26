import {z} from 'zod';

const hostname = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** A host name as DNS takes it (RFC 1123): lower case, at least one dot, letters, digits and hyphens; unicode names in their xn-- form. */
export const hostnameSchema = z
	.string()
	.regex(hostname, 'A domain such as microblog.example.com: letters, digits, hyphens and dots');

/** What the box calls itself: the name it was given, else the domain of its first app. */
export function boxName({hostname, domain}: {readonly hostname?: string | undefined; readonly domain: string}): string {
	return hostname ?? domain;
}
