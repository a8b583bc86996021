"""Why a file cannot be used at all."""


class MappingError(Exception):
    """Columns, keys and PATHs do not fit the entity; the message names what does not."""


class FileError(Exception):
    """The file is no CSV that PostgreSQL can read; the message names the line where it is known."""
