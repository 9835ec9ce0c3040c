"""The studio: where the artist curates, sees what is asked and what comes in. For the operator alone."""

from presence.web.studio import home, people

ROOMS = (home, people)
