"""Where the notes lie."""


def file_of(address):
    """The file in an address such as sqlite:////srv/notes.db."""
    return "/" + address.split(":///", 1)[1].lstrip("/")
