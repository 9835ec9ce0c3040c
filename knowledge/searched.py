"""What a search reads of a passage: where it stands, the date as people say it, and its own words."""

import time

from knowledge.passages import Cut


def searched_text(title: str, date: str, piece: Cut) -> str:
    """What a search reads of a passage: where it stands, then what it says."""
    above = [part for part in (title, piece.heading, spoken_date(date)) if part]
    return " · ".join(above) + "\n" + piece.text


def spoken_date(date: str) -> str:
    """Write `2019-07-14` also as people ask for it: `2019-07-14, 14 July 2019`."""
    formats = {10: ("%Y-%m-%d", "%d %B %Y"), 7: ("%Y-%m", "%B %Y")}
    if len(date) not in formats:
        return date
    read, written = formats[len(date)]
    try:
        return f"{date}, {time.strftime(written, time.strptime(date, read)).lstrip('0')}"
    except ValueError:
        return date
