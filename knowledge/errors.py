"""What can go wrong with an artist's material, named for what happened.

KnowledgeError
  + ImportRefused        one file cannot be taken in; the reason is for the artist
  + NothingToImport      a path that does not exist, or a folder without files
  + TooManyFiles         a folder with more files than one import may have
  + IndexUnavailable     the vector index cannot be opened or reached
"""


class KnowledgeError(Exception):
    """Base of every refusal of this package."""


class ImportRefused(KnowledgeError):
    """A file that cannot be taken in; `reason` says what to do about it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NothingToImport(KnowledgeError):
    """There is nothing at this path that could be read."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is nothing to import at {path}. Give a file or a folder that exists.")
        self.path = path


class TooManyFiles(KnowledgeError):
    """A folder with more files than one import may have."""

    def __init__(self, files_max: int) -> None:
        super().__init__(f"One import may have {files_max:,} files; import the folders inside one by one.")
        self.files_max = files_max


class IndexUnavailable(KnowledgeError):
    """The vector index cannot be opened or reached."""
