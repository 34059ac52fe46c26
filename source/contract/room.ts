/** What a whole set-up takes at most, with room to breathe: KiB and inodes. */
export const leastRoom = {kilobytes: 1_000_000, inodes: 60_000};
