const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

/** A text as it stands in XML. */
export function markup(text: string): string {
	return text.replaceAll(/[&<>"]/g, character => entities[character] ?? character);
}
