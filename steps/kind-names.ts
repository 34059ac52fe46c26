/** The names of all kinds, in their order; the first is taken where none is named. Apart from the kinds, so that a help can say them without any being loaded. */
export const kindNames = ['python'] as const;
