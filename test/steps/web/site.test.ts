import {expect, test} from 'vitest';
import {siteText, withoutCertificate} from '../../../steps/web/site.ts';

const site = {
	app: 'microblog',
	names: ['microblog.example.com'],
	ports: {appPort: 8000, secondPort: 8400},
	certificate: {
		chain: '/etc/nginx/ssl/microblog.example.com/cert.pem',
		key: '/etc/nginx/ssl/microblog.example.com/key.pem',
	},
	statics: [],
	uploadLimit: 16,
	ipv6: true,
	version: '1.22.1',
};

/** What `certbot --nginx` 2.1 made of the file on a box. */
function afterCertbot(text: string): string {
	return text
		.replace(
			'server {\n',
			'server {\n    if ($host = microblog.example.com) {\n        return 301 https://$host$request_uri;\n    } # managed by Certbot\n\n\n',
		)
		.replace(
			/ssl_certificate .*;/,
			'ssl_certificate /etc/letsencrypt/live/microblog.example.com/fullchain.pem; # managed by Certbot',
		)
		.replace(
			/ssl_certificate_key .*;/,
			'ssl_certificate_key /etc/letsencrypt/live/microblog.example.com/privkey.pem; # managed by Certbot',
		)
		.replace(/}\n$/, '\n}\n');
}

test('what certbot puts into the site is no difference', () => {
	const text = siteText(site);
	expect(afterCertbot(text)).not.toBe(text);
	expect(withoutCertificate(afterCertbot(text))).toBe(withoutCertificate(text));
});

test('anything else is one', () => {
	const text = siteText(site);
	expect(withoutCertificate(text.replace('TLSv1.2 ', ''))).not.toBe(withoutCertificate(text));
	expect(withoutCertificate(text.replace('return 301', 'return 302'))).not.toBe(withoutCertificate(text));
});

test('each static folder has its address', () => {
	const statics = [
		{url: '/static/', folder: '/srv/microblog/current/staticfiles'},
		{url: '/media/', folder: '/srv/microblog/current/media'},
	];
	const text = siteText({...site, statics});
	for (const {url, folder} of statics) expect(text).toContain(`    location ${url} {\n        alias ${folder}/;\n`);
	expect(text.indexOf('location /media/')).toBeLessThan(text.indexOf('location / {\n        proxy_pass'));
});
