"""Settings, from the environment or from .env beside this file."""
import os
from pathlib import Path

from dotenv import load_dotenv

folder = Path(__file__).resolve().parent
load_dotenv(folder / '.env')


class Config:
    SECRET_KEY = os.environ.get('SECRET_KEY')
    SQLALCHEMY_DATABASE_URI = os.environ.get('DATABASE_URL') or f'sqlite:///{folder / "app.db"}'
    # A database server closes connections that were idle for long: look before using one.
    SQLALCHEMY_ENGINE_OPTIONS = {'pool_pre_ping': True}
    MAIL_SERVER = os.environ.get('MAIL_SERVER')
    MAIL_PORT = int(os.environ.get('MAIL_PORT') or 25)
    ADMINS = [address for address in os.environ.get('ADMINS', '').split(',') if address]
    REDIS_URL = os.environ.get('REDIS_URL')
    LANGUAGES = ['en', 'es']
