"""Verified sentences: whether what a model wrote is supported by the sources it leaned on.

English is read; in other languages a sentence passes only word by word.
"""

from presence.asking.support.connecting import connecting
from presence.asking.support.contracts import Cited, How, Persons, Support
from presence.asking.support.stream import sentences_of
from presence.asking.support.supporting import supported

__all__ = ["Cited", "How", "Persons", "Support", "connecting", "sentences_of", "supported"]
