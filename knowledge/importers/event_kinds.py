"""What people call a night, in one of `EVENT_KINDS`: a wedding is private, a gig a concert, a podcast a mix."""

import re

_WORDS = {  # the first that is found decides
    "open decks": r"open[ -]?decks?|open turntables?",
    "livestream": r"live[ -]?stream\w*|stream|streaming|twitch|webcast",
    "radio": r"radio\w*|broadcast|sendung|emission|emisora",
    "festival": r"festivals?|open[ -]?air",
    "private": r"private\w*|privat\w*|wedding|hochzeit|mariage|boda|corporate|birthday|geburtstag",
    "playlist": r"playlists?",
    "mix": r"mix|mixtape|dj[ -]?mix|podcast|guest ?mix|studio mix",
    "club night": r"club|club[ -]?(?:night|set|nacht)|dj(?:[ -]?set)?|party|rave|warehouse|residency|bar|after\w*",
    "concert": r"concerts?|concierto|konzert\w*|gigs?|shows?|live(?:[ -]?(?:set|act|show))?|recital|support|headline",
}
_KINDS = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _WORDS.items())


def event_kind(written: str) -> str:
    """Give the kind that a word names, or "" where it names none."""
    return next((kind for kind, words in _KINDS if words.search(written)), "")
