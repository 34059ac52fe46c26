import type {Frame, Run, Size} from './recording.ts';

/** Cells in pixels, the window around them, and its colours: its own dark ground, so that it looks alike on any page. */
const cell = {width: 8.4, height: 18};
const around = {side: 14, top: 40, bottom: 14};
const ground = '#11161d';
const bar = '#1b222c';
const line = '#39424f';
const ink = '#d7dde5';
const palette = ['#39424f', '#ff7b72', '#7ee787', '#e3b341', '#79b8ff', '#d2a8ff', '#56d4dd', ink];
const font = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';
const lights = ['#ff5f57', '#febc2e', '#28c840'];

const markup = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const tidy = (value: number) => String(Math.round(value * 100) / 100);

/** A film as an SVG that plays by itself, over and over; for those who want no movement, its last picture. */
export function film(frames: readonly Frame[], size: Size, title: string): string {
	const shown = frames.filter(({rows}, index) => index === 0 || !same(rows, frames[index - 1]?.rows));
	const last = frames.at(-1)?.at ?? 0;
	const width = widthOf(size);
	const place = (index: number) => `transform:translateX(${tidy(-index * width)}px)`;
	const steps = shown.map(({at}, index) => `${tidy((100 * at) / last)}%{${place(index)}}`);
	const style = `@keyframes film{${steps.join('')}100%{${place(shown.length - 1)}}}
.film{animation:film ${tidy(last)}s step-end infinite}
@media (prefers-reduced-motion:reduce){.film{animation:none;${place(shown.length - 1)}}}`;
	const rows = new Map<string, string>();
	const pictures = shown.map((frame, index) => {
		const uses = frame.rows.flatMap((runs, row) => {
			const drawn = drawRow(runs);
			if (drawn === '') return [];
			if (!rows.has(drawn)) rows.set(drawn, `r${rows.size.toString(36)}`);
			return `<use href="#${rows.get(drawn)}" y="${row * cell.height}"/>`;
		});
		return `<g transform="translate(${tidy(index * width)})">${uses.join('')}</g>`;
	});
	const defined = [...rows].map(([drawn, id]) => `<g id="${id}">${drawn}</g>`);
	return frame(size, title, style, `<defs>${defined.join('\n')}</defs>\n<g class="film">${pictures.join('\n')}</g>`);
}

/** One screen as a picture. */
export function picture({rows}: Frame, size: Size, title: string): string {
	const drawn = rows.map((runs, row) => `<g transform="translate(0 ${row * cell.height})">${drawRow(runs)}</g>`);
	return frame(size, title, '', drawn.join('\n'));
}

const widthOf = ({columns}: Size) => columns * cell.width + 2 * around.side;
const same = (one: Frame['rows'], other: Frame['rows'] | undefined) => JSON.stringify(one) === JSON.stringify(other);

/** A window with rounded corners and a title, and what is seen in it. */
function frame(size: Size, title: string, style: string, content: string): string {
	const width = tidy(widthOf(size));
	const height = size.rows * cell.height + around.top + around.bottom;
	const inner = `width="${tidy(size.columns * cell.width)}" height="${size.rows * cell.height}"`;
	const whole = `width="${width}" height="${height}"`;
	const circles = lights.map((fill, index) => `<circle cx="${20 + index * 20}" cy="15" r="6" fill="${fill}"/>`);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${whole} role="img" aria-label="${markup(title)}">
<style>text{white-space:pre;font:14px ${font};fill:${ink}}.b{font-weight:700}.d{opacity:.62}${style}</style>
<clipPath id="window"><rect ${whole} rx="9"/></clipPath>
<g clip-path="url(#window)"><rect ${whole} fill="${ground}"/><rect width="${width}" height="30" fill="${bar}"/>${circles.join('')}
<text x="50%" y="20" text-anchor="middle" class="d">${markup(title)}</text>
<svg x="${around.side}" y="${around.top}" ${inner}>${content}</svg></g>
<rect x=".5" y=".5" width="${tidy(widthOf(size) - 1)}" height="${height - 1}" rx="9" fill="none" stroke="${line}"/></svg>
`;
}

/** The runs of a row that show something, each at its column and of its width, whatever font the reader has. */
function drawRow(runs: readonly Run[]): string {
	let column = 0;
	return runs
		.map(run => {
			const cells = [...run.text].length;
			const drawn = drawRun(run, column, cells);
			column += cells;
			return drawn;
		})
		.join('');
}

function drawRun({text, colour, bold, dim, inverse}: Run, column: number, cells: number): string {
	const x = tidy(column * cell.width);
	const plate = inverse
		? `<rect x="${x}" width="${tidy(cells * cell.width)}" height="${cell.height}" fill="${ink}"/>`
		: '';
	const looks = [bold ? 'b' : '', dim ? 'd' : ''].filter(look => look !== '').join(' ');
	const style = [
		...(looks === '' ? [] : [`class="${looks}"`]),
		...(inverse ? [`style="fill:${ground}"`] : colour === undefined ? [] : [`style="fill:${palette[colour % 8]}"`]),
	];
	// Readers of SVG differ in what they do with several spaces: each group of words stands at its own place.
	const groups = [...text.matchAll(/\S+(?: \S+)*/g)].map(({0: words, index}) => {
		const at = column + [...text.slice(0, index)].length;
		const width = [...words].length * cell.width;
		const place = [`x="${tidy(at * cell.width)}"`, 'y="13"', `textLength="${tidy(width)}"`];
		return `<text ${[...place, ...style].join(' ')}>${markup(words)}</text>`;
	});
	return [plate, ...groups].join('');
}
