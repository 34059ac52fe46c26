"""Todo: FastAPI and SQLAlchemy on SQLite, and a stream of events that has no end."""

import asyncio
import os

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Integer, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

TITLE = "<title>Todo</title>"
engine = create_engine(os.getenv("DATABASE_URL", "sqlite:///./todo.db"))


class Base(DeclarativeBase):
    pass


class Todo(Base):
    __tablename__ = "todo"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)


Base.metadata.create_all(engine)
app = FastAPI(title="Todo")
app.mount("/static", StaticFiles(directory="static"), name="static")


@app.get("/", response_class=HTMLResponse)
def index(request: Request):
    with Session(engine) as session:
        session.add(Todo())
        session.commit()
        todos = session.scalar(select(func.count()).select_from(Todo))
    return f"<!doctype html>{TITLE}<p>{todos} todos in {engine.dialect.name} over {request.url.scheme}</p>"


@app.get("/title", response_class=HTMLResponse)
def title():
    return f"<!doctype html>{TITLE}"


async def say_title():
    while True:
        yield f"data: {TITLE}\n\n"
        await asyncio.sleep(0.25)


@app.get("/events")
def events():
    # nginx hands each event on as it comes.
    return StreamingResponse(say_title(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
