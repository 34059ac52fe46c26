"""What the worker does: `rq worker microblog-tasks`."""


def ping():
    return 'pong'


def count_words(post_id):
    # Imported here: the app itself needs no second app to name a job.
    from app import create_app, database
    from app.models import Post

    with create_app().app_context():
        post = database.session.get(Post, post_id)
        if post is not None:
            post.words = len(post.text.split())
            database.session.commit()
