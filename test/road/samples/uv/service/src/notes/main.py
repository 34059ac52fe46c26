"""Notes: Starlette on asyncio, installed by uv, in a folder of its repository."""

import os

import aiosqlite
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from notes.store import file_of

DATABASE = file_of(os.environ["DATABASE_URL"])


async def index(request):
    async with aiosqlite.connect(DATABASE) as database:
        await database.execute("create table if not exists note (text)")
        await database.execute("insert into note values ('a note')")
        await database.commit()
        async with database.execute("select count(*) from note") as rows:
            (notes,) = await rows.fetchone()
    return HTMLResponse(f"<!doctype html><title>Notes</title><p>{notes} notes over {request.url.scheme}</p>")


app = Starlette(
    routes=[Route("/", index), Mount("/static", StaticFiles(directory="static"), name="static")],
)
