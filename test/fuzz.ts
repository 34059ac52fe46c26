/** How much longer the property tests and floods run: FUZZ=100 for a night, 1 where nothing is said. */
export const fuzz = Number(process.env.FUZZ ?? 1);

/** The seed of FUZZ_SEED, to run a failure again. */
export const seed = process.env.FUZZ_SEED === undefined ? {} : {seed: Number(process.env.FUZZ_SEED)};

/** Milliseconds for a test that runs that much longer. */
export const patience = 20_000 + 10_000 * (fuzz - 1);
