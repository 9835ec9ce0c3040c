"""Turns an artist's material into passages and finds, for a question, what a given tier may read.

`Library` takes files in, publishes them whole and keeps the indexes in step; `Search` answers with
evidence from 0..t only. Vectors come from an `Embedder` that somebody else provides, and the
vector index (`knowledge.chroma`, `knowledge.memory`) can be rebuilt from the database at any time.
"""

from knowledge.contracts import Embedder, QuestionParser, Readers, VectorIndex, WriteLane
from knowledge.errors import KnowledgeError
from knowledge.evidence import AskBack, Evidence, Finding, Nothing, SourcePassage, SourceSentence
from knowledge.ingest import FileResult, ImportReport
from knowledge.library import Library
from knowledge.search import Search

__all__ = [
    "AskBack",
    "Embedder",
    "Evidence",
    "FileResult",
    "Finding",
    "ImportReport",
    "KnowledgeError",
    "Library",
    "Nothing",
    "QuestionParser",
    "Readers",
    "Search",
    "SourcePassage",
    "SourceSentence",
    "VectorIndex",
    "WriteLane",
]
