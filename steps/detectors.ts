import type {Detector} from '../source/contract/detection.ts';
import {detectCommand} from './command/detect.ts';
import {detectElixir} from './elixir/detect.ts';
import {detectNode} from './node/detect.ts';
import {detectPython} from './python/detect.ts';
import {detectStatic} from './static/detect.ts';

/** What recognises an app, kind by kind. Some kinds are recognised and can't be set up yet: the catalogue says which can. */
export const detectors: readonly Detector[] = [
	{
		kind: 'python',
		marks: /^(?:requirements[^/]*\.txt|pyproject\.toml|Pipfile|setup\.py|manage\.py|uv\.lock|poetry\.lock)$/,
		detect: detectPython,
	},
	{kind: 'node', marks: /^package\.json$/, detect: detectNode},
	{kind: 'elixir', marks: /^mix\.exs$/, detect: detectElixir},
	{
		kind: 'command',
		marks:
			/^(?:Procfile|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|deno\.jsonc?|shard\.yml)$/,
		detect: detectCommand,
	},
	{
		kind: 'static',
		marks: /^(?:package\.json|hugo\.toml|_config\.yml|mkdocs\.yml|book\.toml|index\.html)$/,
		detect: detectStatic,
	},
];
