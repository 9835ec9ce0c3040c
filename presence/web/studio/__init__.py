"""The studio: where the artist curates, sees what is asked and what comes in. For the operator alone."""

from presence.web.studio import (
    answers,
    earnings,
    embeds,
    health,
    home,
    inbox,
    notes,
    payouts,
    people,
    prices,
    splits,
    subscribers,
    voice,
    why,
)

ROOMS = (
    home,
    inbox,
    answers,
    why,
    notes,
    voice,
    people,
    earnings,
    prices,
    splits,
    payouts,
    subscribers,
    embeds,
    health,
)
