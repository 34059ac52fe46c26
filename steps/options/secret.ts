import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';

/** A secret answer. Typed, generated (see `generate`), from the keychain, or recalled from the box. */
export const secret = (meta: OptionMeta, schema = z.instanceof(Secret)) =>
	schema.meta({secret: true, ...meta} satisfies OptionMeta as Record<string, unknown>);
