"""What can go wrong with an artist's material, named for what happened.

KnowledgeError
  + ImportRefused        one file cannot be taken in; the reason is for the artist
  + NothingToImport      a path that does not exist, or a folder without files
  + TooManyFiles         a folder with more files than one import may have
  + IndexUnavailable     the vector index cannot be opened or reached
  + PreviewGone          no import waits under this id
  + PreviewOutdated      the notes changed while an import waited to be confirmed
  + UnknownImport        no such import
  + ImportUndone         an import that was undone already
  + UnknownNote          no such note
  + NoteIsShown          a note that is to be shown again and is shown
  + NoteIsAway           a note that is to be taken back or edited and is not shown
  + NotProse             a table or a list that is to be edited as text
  + NameUnknown          nothing in the material bears this name
  + NameUnclear          a name that several things bear
  + NotJoinable          two things that cannot be joined, or a row that cannot be set apart like this
  + KnownFromHigherTier  what is said of a thing would be seen by a tier that does not know it
  + NotSound             a file that is no recording, or is broken
  + RecordingTooLarge    more bytes than a recording may have
  + NoRoom               the disk has no room for a recording
  + UnknownUpload        no upload goes on under this address
  + WrongOffset          a piece of an upload that does not follow what is here
  + UploadBusy           a piece of this upload is being written
  + UnknownRecording     no such recording, or not for this tier
  + NothingToUndo        no change by the artist has this id, or it was undone
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


class NameUnknown(KnowledgeError):
    """Nothing in the material bears this name; `choices` are alike."""

    def __init__(self, name: str, choices: tuple[str, ...] = ()) -> None:
        perhaps = f" Perhaps: {'; '.join(choices)}." if choices else ""
        super().__init__(f"Nothing in the notes is called “{name}”.{perhaps}")
        self.name = name
        self.choices = choices


class NameUnclear(KnowledgeError):
    """Several things bear this name; `choices` tell them apart by kind and key."""

    def __init__(self, name: str, choices: tuple[str, ...]) -> None:
        told = "".join(f"\n  {choice}" for choice in choices)
        super().__init__(
            f"“{name}” can mean several things. Name a --kind, or write what stands after the colon:{told}"
        )
        self.name = name
        self.choices = choices


class NotJoinable(KnowledgeError):
    """Two things that cannot be joined, or a row that cannot be set apart like this; the message says why."""


class KnownFromHigherTier(KnowledgeError):
    """What is said of a thing would be seen by a tier that does not know it."""

    def __init__(self, name: str, tier: str) -> None:
        super().__init__(f"“{name}” is known from {tier} on; say this for {tier} or a tier above it.")
        self.name = name
        self.tier = tier


class NothingToUndo(KnowledgeError):
    """No change by the artist has this id, or it was undone."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"There is nothing to undo at “{ident}”. `presence music list` shows what there is.")
        self.ident = ident


class PreviewGone(KnowledgeError):
    """No import waits to be confirmed under this id."""

    def __init__(self, import_id: str) -> None:
        super().__init__(f"No import waits under {import_id}. Import the files again.")
        self.import_id = import_id


class PreviewOutdated(KnowledgeError):
    """The notes changed while an import waited to be confirmed."""

    def __init__(self) -> None:
        super().__init__("The notes changed since this preview, so it may be wrong. Import the files again.")


class UnknownImport(KnowledgeError):
    """There is no import of this id."""

    def __init__(self, import_id: str) -> None:
        super().__init__(f"There is no import {import_id}. `presence imports list` names them.")
        self.import_id = import_id


class ImportUndone(KnowledgeError):
    """An import can be undone once."""

    def __init__(self, import_id: str) -> None:
        super().__init__(f"The import {import_id} was undone already. Import the files again to bring it back.")
        self.import_id = import_id


class UnknownNote(KnowledgeError):
    """There is no note of this id."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"There is no note {ident}. `presence notes list --all` names them.")
        self.ident = ident


class NoteIsShown(KnowledgeError):
    """A note that is to be shown again is shown."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"The note {ident} is shown; there is nothing to restore.")
        self.ident = ident


class NoteIsAway(KnowledgeError):
    """A note that is to be taken back or edited is not shown."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"The note {ident} is not shown. `presence notes restore {ident}` shows it again.")
        self.ident = ident


class NotProse(KnowledgeError):
    """A table or a list cannot be edited as text."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"The note {ident} holds rows and no prose. Edit its file and import it again.")
        self.ident = ident


class NotSound(KnowledgeError):
    """A file is no recording, or is broken."""

    def __init__(self) -> None:
        super().__init__("There is no sound in this file. Export it as WAV, AIFF, FLAC, MP3, Ogg or M4A.")


class RecordingTooLarge(KnowledgeError):
    """A recording has more bytes than it may have."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"A recording may have {bytes_max / 1e6:,.0f} MB. Export it smaller, as FLAC or MP3 perhaps.")
        self.bytes_max = bytes_max


class NoRoom(KnowledgeError):
    """The disk has no room for a recording."""

    def __init__(self) -> None:
        super().__init__("The disk has no room for this recording. Make room; an upload goes on where it stopped.")


class UnknownUpload(KnowledgeError):
    """No upload goes on under this address."""

    def __init__(self) -> None:
        super().__init__("No upload goes on under this address. Begin it anew.")


class WrongOffset(KnowledgeError):
    """A piece of an upload does not follow what is here; `offset` is where it goes on."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"This piece does not follow what is here: the upload goes on at {offset}.")
        self.offset = offset


class UploadBusy(KnowledgeError):
    """A piece of this upload is being written."""

    def __init__(self) -> None:
        super().__init__("A piece of this upload is being written. Ask where it stands, then go on.")


class UnknownRecording(KnowledgeError):
    """There is no such recording, or it is not open to this listener."""

    def __init__(self) -> None:
        super().__init__("There is no such recording among what is open to you.")
