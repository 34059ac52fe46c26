from pathlib import Path

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.cli import AppGroup

translate = AppGroup('translate', help='Translations.')


@translate.command()
def compile():
    """Makes the .mo files that the running app reads of the .po files people write."""
    for source in sorted((Path(__file__).parent / 'translations').glob('*/LC_MESSAGES/messages.po')):
        with source.open('rb') as text, source.with_suffix('.mo').open('wb') as binary:
            write_mo(binary, read_po(text, locale=source.parts[-3]))
        click.echo(f'compiled {source.parts[-3]}')
