"""Todo: FastAPI and SQLAlchemy on SQLite."""

import os

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Integer, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

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
    return f"<!doctype html><title>Todo</title><p>{todos} todos in {engine.dialect.name} over {request.url.scheme}</p>"
