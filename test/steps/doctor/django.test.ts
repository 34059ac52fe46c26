import {expect, test} from 'vitest';
import {warningsIn} from '../../../steps/doctor/app/django.ts';

/** As Django 5.2 writes it. */
const said = `System check identified some issues:

WARNINGS:
?: (security.W004) You have not set a value for the SECURE_HSTS_SECONDS setting. If your entire site is served only over SSL, you may want to consider setting a value.
?: (security.W008) Your SECURE_SSL_REDIRECT setting is not set to True. Unless your site should be available over both SSL and non-SSL connections, you may want to either set this setting True or configure a load balancer or reverse-proxy server to redirect all connections to HTTPS.
?: (security.W012) SESSION_COOKIE_SECURE is not set to True. Using a secure-only session cookie makes it more difficult for network traffic sniffers to hijack user sessions.
polls.Vote: (models.W042) Auto-created primary key used when not defining a primary key type, by default 'django.db.models.AutoField'.
	HINT: Configure the DEFAULT_AUTO_FIELD setting.

System check identified 4 issues (0 silenced).`;

test('of Django’s check for a deployment, each first sentence is told with its number; what nginx does is left out', () => {
	expect(warningsIn(said.split('\n'))).toEqual([
		'SESSION_COOKIE_SECURE is not set to True. (security.W012)',
		"Auto-created primary key used when not defining a primary key type, by default 'django.db.models.AutoField'. (models.W042)",
	]);
	expect(warningsIn(['System check identified no issues (0 silenced).'])).toEqual([]);
	expect(warningsIn(['Traceback (most recent call last):', "KeyError: 'SECRET_KEY'"])).toEqual([]);
});
