"""The studio: where the artist curates, sees what is asked and what comes in. For the operator alone."""

from presence.web.studio import (
    answers,
    asking,
    earnings,
    embeds,
    health,
    home,
    inbox,
    notes,
    payouts,
    people,
    prices,
    quality,
    splits,
    subscribers,
    voice,
    why,
)

ROOMS = (
    home,
    asking,
    inbox,
    answers,
    why,
    notes,
    voice,
    quality,
    people,
    earnings,
    prices,
    splits,
    payouts,
    subscribers,
    embeds,
    health,
)
