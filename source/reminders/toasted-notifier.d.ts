/** The part of toasted-notifier that is used; the package brings no types. */
declare module 'toasted-notifier' {
	type Notification = {
		readonly title: string;
		readonly message: string;
		/** notify-send's. */
		readonly urgency?: 'low' | 'normal' | 'critical';
		/** Waits for the person's click; false where nobody may sit there. */
		readonly wait?: boolean;
	};
	interface Notifier {
		/** `problem` is an error, or what the program said on stderr; empty when it went well. */
		notify(notification: Notification, end: (problem: unknown) => void): unknown;
	}
	type Options = {readonly customPath?: string; readonly withFallback?: boolean};
	type Make = new (options?: Options) => Notifier;
	const notifier: {readonly NotifySend: Make; readonly NotificationCenter: Make; readonly WindowsBalloon: Make};
	export default notifier;
}
