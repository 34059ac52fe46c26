import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installedProgram} from './boxes.ts';
import {median, timed} from './measure.ts';

const [packages, modules, times] = [60, 50, 3];

/** Median seconds that `boxwizard detect` takes for a large app: 3,000 modules, more than it reads, and as many files of a front end. */
export async function timeDetection(folder: string): Promise<{readonly seconds: number; readonly files: number}> {
	const app = join(folder, 'large-app');
	makeLargeApp(app);
	const taken: number[] = [];
	let stdout = '';
	for (let turn = 0; turn < times; turn++) {
		const run = await timed({words: [process.execPath, installedProgram(folder), 'detect', app, '--json']});
		taken.push(run.seconds);
		({stdout} = run);
	}

	const {files, app: found} = JSON.parse(stdout) as {files: number; app: {answers: {framework: string}}};
	if (found.answers.framework !== 'Django') throw new Error(`The large app was taken for ${found.answers.framework}`);
	return {seconds: median(taken), files};
}

/** A Django project as large ones are: views, models and components by the thousand. */
function makeLargeApp(app: string): void {
	const write = (path: string, text: string) => {
		mkdirSync(join(app, path, '..'), {recursive: true});
		writeFileSync(join(app, path), text);
	};
	const main = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
	write('requirements.txt', 'Django==5.2\npsycopg[binary]\ncelery\nredis\n');
	write('manage.py', `${main}from django.core.management import execute_from_command_line\n`);
	write(
		'shop/wsgi.py',
		`${main}from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n`,
	);
	write('shop/settings.py', "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nSTATIC_ROOT = 'static'\n");
	write(
		'web/package.json',
		'{"dependencies": {"react": "19"}, "scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}',
	);
	for (let index = 0; index < packages * modules; index++) {
		const place = `part${Math.floor(index / modules)}`;
		write(`${place}/views${index % modules}.py`, view.repeat(6));
		write(`web/src/${place}/component${index % modules}.tsx`, component.repeat(6));
	}
}

const view = `from django.db import models
from django.shortcuts import get_object_or_404, render


class Order(models.Model):
    number = models.CharField(max_length=20, unique=True)
    paid = models.DateTimeField(null=True, blank=True)

    def total(self, rate=1.0):
        return sum(line.price * line.count for line in self.lines.all()) * rate


def show(request, number):
    order = get_object_or_404(Order, number=number)
    return render(request, "orders/show.html", {"order": order, "total": order.total()})
`;

const component = `import {useState} from 'react';

export function Order({number, lines}) {
	const [open, setOpen] = useState(false);
	const total = lines.reduce((sum, {price, count}) => sum + price * count, 0);
	return <section onClick={() => setOpen(!open)}>{open ? \`\${number}: \${total}\` : number}</section>;
}
`;
