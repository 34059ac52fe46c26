import type {Tree} from '../../../source/contract/detection.ts';
import type {Package} from './package.ts';

/** What a dependency makes of an app. */
export type Framework = {
	readonly name: string;
	/** 'server': it listens; 'site': it builds files alone, unless the repository says otherwise. */
	readonly makes: 'server' | 'site';
	/** Its own command to build and to start; scripts of package.json come first. */
	readonly build?: string;
	readonly start?: string;
	/** The folder of files that a build leaves. */
	readonly output?: string;
	readonly singlePage?: boolean;
};

type Rule = Framework & {
	readonly package: string;
	readonly when?: (tree: Tree, all: Readonly<Record<string, string>>) => boolean;
};

const configHas = (tree: Tree, name: string, pattern: RegExp) =>
	tree.paths.some(
		path => new RegExp(`^${name}\\.config\\.[cm]?[jt]s$`).test(path) && pattern.test(tree.text(path) ?? ''),
	);

/** The first that fits counts: those that build on others come before them. */
const rules: readonly Rule[] = [
	{
		package: 'next',
		name: 'Next.js',
		makes: 'site',
		build: 'next build',
		output: 'out',
		when: tree => configHas(tree, 'next', /output\s*:\s*['"]export['"]/),
	},
	{package: 'next', name: 'Next.js', makes: 'server', build: 'next build', start: 'next start'},
	{
		package: 'nuxt',
		name: 'Nuxt',
		makes: 'site',
		build: 'nuxt generate',
		output: '.output/public',
		when: tree => configHas(tree, 'nuxt', /ssr\s*:\s*false/),
	},
	{package: 'nuxt', name: 'Nuxt', makes: 'server', build: 'nuxt build', start: 'node .output/server/index.mjs'},
	{
		package: '@sveltejs/kit',
		name: 'SvelteKit',
		makes: 'site',
		build: 'vite build',
		output: 'build',
		when: (_tree, all) => '@sveltejs/adapter-static' in all,
	},
	{package: '@sveltejs/kit', name: 'SvelteKit', makes: 'server', build: 'vite build', start: 'node build'},
	{
		package: '@react-router/serve',
		name: 'React Router',
		makes: 'server',
		build: 'react-router build',
		start: 'react-router-serve ./build/server/index.js',
	},
	{
		package: '@remix-run/serve',
		name: 'Remix',
		makes: 'server',
		build: 'remix vite:build',
		start: 'remix-serve ./build/server/index.js',
	},
	{package: '@remix-run/node', name: 'Remix', makes: 'server', build: 'remix build'},
	{
		package: 'astro',
		name: 'Astro',
		makes: 'server',
		build: 'astro build',
		start: 'node dist/server/entry.mjs',
		when: (_tree, all) => '@astrojs/node' in all,
	},
	{package: 'astro', name: 'Astro', makes: 'site', build: 'astro build', output: 'dist'},
	{package: '@nestjs/core', name: 'NestJS', makes: 'server', build: 'nest build', start: 'node dist/main.js'},
	{
		package: '@adonisjs/core',
		name: 'AdonisJS',
		makes: 'server',
		build: 'node ace build',
		start: 'node build/bin/server.js',
	},
	{package: '@strapi/strapi', name: 'Strapi', makes: 'server', build: 'strapi build', start: 'strapi start'},
	{package: '@keystone-6/core', name: 'Keystone', makes: 'server', build: 'keystone build', start: 'keystone start'},
	{package: 'payload', name: 'Payload', makes: 'server'},
	{package: '@medusajs/medusa', name: 'Medusa', makes: 'server', build: 'medusa build', start: 'medusa start'},
	{package: 'directus', name: 'Directus', makes: 'server', start: 'directus start'},
	{package: 'ghost', name: 'Ghost', makes: 'server'},
	{package: '@feathersjs/feathers', name: 'Feathers', makes: 'server'},
	{package: 'sails', name: 'Sails', makes: 'server'},
	{package: 'meteor-node-stubs', name: 'Meteor', makes: 'server'},
	{package: '@hapi/hapi', name: 'hapi', makes: 'server'},
	{package: 'fastify', name: 'Fastify', makes: 'server'},
	{package: 'koa', name: 'Koa', makes: 'server'},
	{package: 'hono', name: 'Hono', makes: 'server', when: (_tree, all) => '@hono/node-server' in all},
	{package: 'elysia', name: 'Elysia', makes: 'server'},
	{package: 'express', name: 'Express', makes: 'server'},
	{package: 'restify', name: 'Restify', makes: 'server'},
	{package: 'polka', name: 'Polka', makes: 'server'},
	{package: 'socket.io', name: 'Socket.IO', makes: 'server'},
	{package: 'ws', name: 'WebSocket', makes: 'server'},
	{package: '@apollo/server', name: 'Apollo', makes: 'server'},
	{package: 'graphql-yoga', name: 'GraphQL Yoga', makes: 'server'},
	{package: 'gatsby', name: 'Gatsby', makes: 'site', build: 'gatsby build', output: 'public'},
	{package: '@docusaurus/core', name: 'Docusaurus', makes: 'site', build: 'docusaurus build', output: 'build'},
	{
		package: 'vitepress',
		name: 'VitePress',
		makes: 'site',
		build: 'vitepress build docs',
		output: 'docs/.vitepress/dist',
	},
	{package: 'vuepress', name: 'VuePress', makes: 'site', build: 'vuepress build docs', output: 'docs/.vuepress/dist'},
	{package: '@11ty/eleventy', name: 'Eleventy', makes: 'site', build: 'eleventy', output: '_site'},
	{package: 'hexo', name: 'Hexo', makes: 'site', build: 'hexo generate', output: 'public'},
	{package: '@angular/core', name: 'Angular', makes: 'site', build: 'ng build', output: 'dist', singlePage: true},
	{
		package: 'react-scripts',
		name: 'Create React App',
		makes: 'site',
		build: 'react-scripts build',
		output: 'build',
		singlePage: true,
	},
	{
		package: '@vue/cli-service',
		name: 'Vue CLI',
		makes: 'site',
		build: 'vue-cli-service build',
		output: 'dist',
		singlePage: true,
	},
	{
		package: 'ember-cli',
		name: 'Ember',
		makes: 'site',
		build: 'ember build --environment=production',
		output: 'dist',
		singlePage: true,
	},
	{package: '@rsbuild/core', name: 'Rsbuild', makes: 'site', build: 'rsbuild build', output: 'dist', singlePage: true},
	{package: 'vite', name: 'Vite', makes: 'site', build: 'vite build', output: 'dist', singlePage: true},
	{package: 'webpack', name: 'webpack', makes: 'site', build: 'webpack --mode production', output: 'dist'},
	{
		package: 'parcel',
		name: 'Parcel',
		makes: 'site',
		build: 'parcel build index.html',
		output: 'dist',
		singlePage: true,
	},
];

/** What an app is made with; undefined where no dependency is known. A server that runs is more than a site that is built beside it. */
export function readFramework(tree: Tree, {dependencies, development}: Package): Framework | undefined {
	const all = {...development, ...dependencies};
	const fits = (rule: Rule) => rule.package in all && (rule.when?.(tree, all) ?? true);
	const found = rules.filter(fits);
	const first = found[0];
	if (first?.makes !== 'site') return first;
	// Vite or React beside Express: the server is what runs. Express as a development tool is none.
	const server = found.find(
		rule => rule.makes === 'server' && rule.package !== first.package && rule.package in dependencies,
	);
	return server ?? first;
}

/** The folder that Vite's own settings name, relative to the app. */
export function outputOf(tree: Tree, framework: Framework): string | undefined {
	for (const path of tree.paths.filter(one => /^(?:vite|astro|rsbuild|next|svelte)\.config\.[cm]?[jt]s$/.test(one))) {
		const said = /\b(?:outDir|distDir)\s*:\s*['"]([\w./-]+)['"]/.exec(tree.text(path) ?? '')?.[1];
		if (said && !said.startsWith('..')) return said.replace(/^\.\//, '').replace(/\/$/, '');
	}

	return framework.output;
}
