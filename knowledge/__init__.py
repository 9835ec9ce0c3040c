"""Turns an artist's material into passages and finds, for a question, what a given tier may read.

`Library` takes files in, publishes them whole and keeps the indexes in step; `Search` answers with
evidence from 0..t only. Vectors come from an `Embedder` that somebody else provides, and the
vector index (`knowledge.chroma`, `knowledge.memory`) can be rebuilt from the database at any time.

The face is opened name by name, so that the parser's process loads parsers and nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.contracts import Embedder, QuestionParser, Readers, Turns, VectorIndex, WriteLane
    from knowledge.errors import KnowledgeError, NameUnclear, NameUnknown, UnknownRecording
    from knowledge.evidence import AskBack, Before, Evidence, Finding, Nothing, SourcePassage, SourceSentence
    from knowledge.facts.curation import Curation
    from knowledge.facts.exact import ExactQuestions
    from knowledge.facts.nearest import NearestQuestion
    from knowledge.facts.told import FactRow, Facts, FactSentence
    from knowledge.finding import Knowing
    from knowledge.imported import FileResult, ImportReport
    from knowledge.leaning import Leaning
    from knowledge.leaves import Leaves, Link, Release, Song, Track
    from knowledge.library import Library
    from knowledge.moving import Embedding, Move
    from knowledge.origins import OpenAgain, Origin
    from knowledge.recommending import Pick, Recommending
    from knowledge.recordings.keeping import Recording, Recordings
    from knowledge.recordings.moments import Cue, Moment, Moments
    from knowledge.recordings.uploads import Piece, Uploads, Wish
    from knowledge.search import Search
    from knowledge.things import Thing, Things
    from knowledge.walking import Step, Walk, Walks

__all__ = [
    "AskBack",
    "Before",
    "Cue",
    "Curation",
    "Embedder",
    "Embedding",
    "Evidence",
    "ExactQuestions",
    "FactRow",
    "FactSentence",
    "Facts",
    "FileResult",
    "Finding",
    "ImportReport",
    "Knowing",
    "KnowledgeError",
    "Leaning",
    "Leaves",
    "Library",
    "Link",
    "Moment",
    "Moments",
    "Move",
    "NameUnclear",
    "NameUnknown",
    "NearestQuestion",
    "Nothing",
    "OpenAgain",
    "Origin",
    "Pick",
    "Piece",
    "QuestionParser",
    "Readers",
    "Recommending",
    "Recording",
    "Recordings",
    "Release",
    "Search",
    "Song",
    "SourcePassage",
    "SourceSentence",
    "Step",
    "Thing",
    "Things",
    "Track",
    "Turns",
    "UnknownRecording",
    "Uploads",
    "VectorIndex",
    "Walk",
    "Walks",
    "Wish",
    "WriteLane",
]

_ROOMS = {
    "knowledge.contracts": ("Embedder", "QuestionParser", "Readers", "Turns", "VectorIndex", "WriteLane"),
    "knowledge.errors": ("KnowledgeError", "NameUnclear", "NameUnknown", "UnknownRecording"),
    "knowledge.evidence": ("AskBack", "Before", "Evidence", "Finding", "Nothing", "SourcePassage", "SourceSentence"),
    "knowledge.facts.curation": ("Curation",),
    "knowledge.facts.exact": ("ExactQuestions",),
    "knowledge.facts.nearest": ("NearestQuestion",),
    "knowledge.facts.told": ("FactRow", "FactSentence", "Facts"),
    "knowledge.finding": ("Knowing",),
    "knowledge.imported": ("FileResult", "ImportReport"),
    "knowledge.leaning": ("Leaning",),
    "knowledge.leaves": ("Leaves", "Link", "Release", "Song", "Track"),
    "knowledge.library": ("Library",),
    "knowledge.moving": ("Embedding", "Move"),
    "knowledge.origins": ("OpenAgain", "Origin"),
    "knowledge.recommending": ("Pick", "Recommending"),
    "knowledge.recordings.keeping": ("Recording", "Recordings"),
    "knowledge.recordings.moments": ("Cue", "Moment", "Moments"),
    "knowledge.recordings.uploads": ("Piece", "Uploads", "Wish"),
    "knowledge.search": ("Search",),
    "knowledge.things": ("Thing", "Things"),
    "knowledge.walking": ("Step", "Walk", "Walks"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open one name of the face."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
