import type {Recipe} from '../source/contract/step.ts';
import {flask} from './flask.ts';

/** The table of contents: every recipe. */
export const recipes: readonly Recipe[] = [flask];
