import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {freePort} from '../../fixes/port.ts';
import {restartApp} from '../../fixes/restart.ts';
import {startService} from '../../fixes/service.ts';
import {postfix} from '../../mail/postfix.ts';
import {worker} from '../../python/worker.ts';

const redisAgain: Cause['fixes'] = (_, {isOwn}) => [
	startService('redis-server'),
	...(isOwn ? [fixByStep(worker, 'Set Redis and the worker up again')] : []),
];

/** Redis, job queues, mail and search, as the app meets them and as they speak themselves. */
export const boxServices: readonly Cause[] = [
	{
		id: 'services/redis',
		title: 'Redis does not answer.',
		match: [
			/Error (?:111|99|2|-2) connecting to \S*:6379\b/,
			/Error (?:111|99) connecting to .*(?:refused|assign)/i,
			/redis\.exceptions\.(?:ConnectionError|TimeoutError)/,
			/ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):6379/,
			/Could not connect to Redis/i,
			/Cannot connect to redis:\/\/\S+: /,
			/\[ioredis\] Unhandled error event/,
			/Redix.*\(Redix\.ConnectionError\)/,
		],
		unless:
			/redis\.exceptions\.\w+: (?:NOAUTH|MISCONF|WRONGPASS|OOM|Authentication)|Error -[235] connecting to (?!localhost|127\.)/,
		over: ['network/refused'],
		means:
			'The app keeps its background jobs or its cache in Redis, and Redis does not run, is not installed, or REDIS_URL names another place.',
		next: 'See why it does not run, and compare REDIS_URL with where it listens (127.0.0.1:6379).',
		fixes: redisAgain,
	},
	{
		id: 'services/redis-password',
		title: 'Redis asks for a password, or the one in REDIS_URL is wrong.',
		match: [
			/NOAUTH Authentication required|NOAUTH HELLO must be called/,
			/WRONGPASS invalid username-password pair/,
			/ERR (?:AUTH <password> called without any password|invalid password)/,
			/Authentication required\.?$/,
		],
		beside: /[Rr]edis|NOAUTH|WRONGPASS|ERR AUTH|ERR invalid/,
		over: ['services/redis'],
		means: 'requirepass is set in Redis and REDIS_URL has no password (or another one); or the other way round.',
		next: 'Write redis://:password@127.0.0.1:6379/0 as REDIS_URL, or take requirepass away: it listens only to the box itself.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(worker, 'Set Redis and the worker up again')] : []),
	},
	{
		id: 'services/redis-write',
		title: 'Redis takes no more writes: it can’t save to disk.',
		match: [
			/MISCONF Redis is configured to save RDB snapshots/,
			/MISCONF Errors writing to the AOF file/,
			/Failed opening (?:the )?(?:RDB|temp RDB) file \S+ .*for saving: (?<why>.+)/,
			/Can't save in background: fork: Cannot allocate memory/,
			/Background saving error/,
		],
		over: ['services/redis'],
		means:
			'Its snapshot failed (disk full, too little memory to fork, or a folder it may not write), and so it refuses to take what it could lose.',
		next: 'Make room or add memory; its log says which of the two.',
		fixes: () => [startService('redis-server')],
	},
	{
		id: 'services/redis-full',
		title: 'Redis has used up the memory it may use.',
		match: [/OOM command not allowed when used memory > 'maxmemory'/],
		over: ['services/redis', 'resources/memory'],
		means: 'Jobs, sessions or cache pile up, and nothing is told to go.',
		next: 'Give cached values a time to live, or see why jobs are not done.',
	},
	{
		id: 'services/redis-replica',
		title: 'Redis is a read-only copy of another one.',
		match: [/READONLY You can't write against a read only (?:replica|slave)/],
		over: ['services/redis'],
		means: 'Somebody made it follow another server: a Redis that is open to the internet is taken over in this way.',
		next: 'Close port 6379 to the outside at once, and start Redis anew with a clean configuration.',
	},
	{
		id: 'services/redis-start',
		title: ({port = '6379'}) => `Redis can’t start: something else has port ${port}.`,
		match: [
			/Could not create server TCP listening socket \S*?:(?<port>\d+): bind: Address already in use/,
			/Warning: Could not create server TCP listening socket/,
		],
		over: ['process/port-in-use'],
		means: 'Mostly a second Redis (a container, one started by hand).',
		next: 'Stop the other one.',
		fixes: ({port = '6379'}, app) => [
			freePort(app, Number(port), 'redis-server.service'),
			startService('redis-server'),
		],
	},
	{
		id: 'services/redis-configuration',
		title: 'Redis refuses its configuration.',
		match: [
			/\*\*\* FATAL CONFIG FILE ERROR/,
			/Bad directive or wrong number of arguments/,
			/Can't chdir to '(?<path>[^']+)'/,
		],
		over: ['process/unit-failed', 'process/closed-folder'],
		means: 'The lines below it name the line.',
		next: 'Correct that line, and start it again.',
		fixes: () => [startService('redis-server')],
	},
	{
		id: 'services/broker',
		title: 'Celery does not reach its broker.',
		match: [
			/consumer: Cannot connect to (?<address>\S+): /,
			/kombu\.exceptions\.OperationalError: (?<why>.+)/,
			/\[Errno 111\] Connection refused.*amqp|amqp:\/\/guest:\*\*@127\.0\.0\.1:5672/,
		],
		unless: /redis:\/\//,
		means:
			'Without CELERY_BROKER_URL it asks a RabbitMQ on the box itself (amqp://guest@127.0.0.1:5672), which is mostly not there.',
		next: 'Set the broker to REDIS_URL in the app (broker_url), and see that the variable is read.',
	},
	{
		id: 'services/unregistered-task',
		title: ({name}) => `The worker does not know the task ${name ?? ''}.`.replace(' .', '.'),
		match: [
			/Received unregistered task of type '(?<name>[^']+)'/,
			/celery\.exceptions\.NotRegistered: '?(?<name>[\w.]+)/,
		],
		over: ['python/missing-own-module'],
		means: 'The module of the task is not imported by the worker, or the worker still runs the code of before.',
		next: 'Name the module in include=… (or autodiscover_tasks), and start the worker anew.',
		fixes: (_, app) => [
			restartApp(app),
			...(app.isOwn ? [fixByStep(worker, 'Set Redis and the worker up again')] : []),
		],
	},
	{
		id: 'services/lost-job',
		depth: 'kind',
		title: 'A background job took longer than it may.',
		match: [
			/rq\.timeouts\.JobTimeoutException|Task exceeded maximum timeout value/,
			/(?:Soft|Hard) time limit \(\d+s\) exceeded/,
			/Work-horse (?:process )?was terminated unexpectedly|Moving job to FailedJobRegistry/,
		],
		means: 'It was ended: at its time limit (180 s with RQ), or by the kernel for want of memory.',
		next: 'Give the job more time where it is enqueued (job_timeout), or cut it into smaller ones.',
	},
	{
		id: 'services/mail',
		depth: 'kind',
		title: 'The mail server does not take the app’s mail.',
		match: [
			/smtplib\.\w+(?:: (?<why>.*))?/,
			/ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):(?:25|465|587)/,
			/(?:Error: )?(?:Invalid login|Missing credentials for)[^:]*: (?<why>\d{3} .+)/,
		],
		over: ['network/refused'],
		means: 'The app sends mail, and nothing takes it where MAIL_SERVER points to.',
		next: 'Compare MAIL_SERVER and MAIL_PORT; a provider may close port 25 outwards.',
		fixes: (_, {isOwn}) => [
			startService('postfix'),
			...(isOwn ? [fixByStep(postfix, 'Set outgoing mail up again')] : []),
		],
	},
	{
		id: 'services/mail-login',
		title: 'The mail server refuses the app’s name or password.',
		match: [
			/SMTPAuthenticationError: \((?<code>\d+), b?'?(?<why>[^']+)/,
			/535[ -]5\.7\.[89] (?<why>.+)/,
			/EAUTH\b|Invalid login: 535/,
			/SASL authentication failed; server \S+ said: (?<why>.+)/,
		],
		over: ['services/mail'],
		means:
			'Google, Microsoft and others take only passwords made for one app (“app passwords”), not the one of the account.',
		next: 'Make an app password at the provider, and set MAIL_USERNAME and MAIL_PASSWORD.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(postfix, 'Set outgoing mail up again')] : []),
	},
	{
		id: 'services/mail-refused',
		title: 'The mail server will not send for this sender.',
		match: [
			/SMTP(?:SenderRefused|RecipientsRefused|NotSupportedError|DataError)\b.*?(?<why>\d{3}.*)?$/,
			/^(?!.*NOQUEUE).*(?:Relay access denied|Sender address rejected|Client host rejected|blocked using \S+)/,
			/status=(?:bounced|deferred) \(.*(?:5\.7\.\d+|blocked|SPF|DMARC|PTR|reputation)/,
		],
		over: ['services/mail'],
		means:
			'The sender’s domain is not one that this server sends for, or the box’s address has no good name with the other side (SPF, a reverse name).',
		next: 'Send from an address of your domain, and through a relay (option “Outgoing mail”).',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(postfix, 'Set outgoing mail up again')] : []),
	},
	{
		id: 'services/port-25',
		title: 'The box’s provider closes port 25: mail does not go out.',
		match: [
			/connect to \S+\[[\d.:a-f]+\]:25: (?:Connection timed out|Network is unreachable)/,
			/TimeoutError: \[Errno 110\].*smtp|smtp\S*:25.*timed out/i,
		],
		over: ['services/mail', 'network/timeout'],
		means: 'DigitalOcean, Hetzner, Google, AWS and others do so on new accounts, against spam.',
		next: 'Take a relay on port 587 (option “Outgoing mail”), or ask the provider to open it.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(postfix, 'Set outgoing mail up again')] : []),
	},
	{
		id: 'services/search',
		title: 'Elasticsearch does not answer.',
		match: [
			/elastic_transport\.ConnectionError|elasticsearch\.exceptions\.ConnectionError/,
			/ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):9200/,
			/NewConnectionError.*port=9200|host='localhost', port=9200/,
		],
		over: ['network/refused'],
		means: 'It needs a gigabyte of memory and half a minute to start; on a small box the kernel ends it.',
		next: 'See why it does not run; without ELASTICSEARCH_URL most apps do without search.',
		fixes: () => [startService('elasticsearch')],
	},
	{
		id: 'services/search-blocked',
		title: 'Elasticsearch takes no more writes: its disk is nearly full.',
		match: [
			/index \[[^\]]+\] blocked by: \[(?:TOO_MANY_REQUESTS\/12|FORBIDDEN\/12)\/.*(?:flood-stage|read-only)/,
			/flood stage disk watermark \[\d+%\] exceeded/,
		],
		over: ['services/search'],
		means: 'From 95 % on it makes all indices read-only.',
		next: 'Make room; it opens them again by itself when there is some.',
	},
	{
		id: 'services/search-settings',
		title: ({what}) => `Elasticsearch refuses to start: ${what ?? 'a check of its own failed'}.`,
		match: [
			/bootstrap check failure \[\d+\] of \[\d+\]: (?<what>.{1,120})/,
			/(?<what>max virtual memory areas vm\.max_map_count \[\d+\] is too low)/,
			/(?<what>memory locking requested for elasticsearch process but memory is not locked)/,
		],
		means: 'It asks more of the system than the box is set up for.',
		next: 'Set what it names (mostly vm.max_map_count=262144).',
		fixes: () => [startService('elasticsearch')],
	},
	{
		id: 'services/fail2ban',
		title: ({what}) => `fail2ban does not start: ${what ?? 'its configuration is refused'}.`,
		match: [
			/Failed during configuration: (?<what>.{1,120})/,
			/ERROR +(?:NOK: )?.*(?<what>Have not found any log file for (?:the )?\S+ jail)/,
			/ERROR +Async configuration of server failed/,
		],
		over: ['process/unit-failed'],
		means: 'A jail reads a log that is not there: on Debian 12 sshd logs to the journal only (backend = systemd).',
		next: 'Take that jail away, or have it read the journal.',
	},
];
