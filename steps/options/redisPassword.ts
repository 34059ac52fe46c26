/**
 * Prints the password that this box's Redis asks for, as its settings have it (redis.conf, requirepass); nothing where it asks for
 * none. One that is set at run time alone is gone at the next start.
 */
export const readRedisPassword = `sed -nE 's/^requirepass[[:space:]]+//p' /etc/redis/redis.conf 2> /dev/null | tail -n 1 | sed -E 's/^"(.*)"$/\\1/; s/^'"'"'(.*)'"'"'$/\\1/'`;
