"""Choosing a language, without scripts; and the words of the scripts in it."""

import hashlib
import json
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from presence.languages import LANGUAGES, known_language
from presence.languages.catalogue import words_of_scripts
from presence.web.deps import set_cookie
from presence.web.spoken_in import LANGUAGE_COOKIE, LANGUAGE_SECONDS, PLACE_CHARS_MAX, place_of_ours

router = APIRouter()
SCRIPT_SECONDS = 3600


@router.post("/language")
def choose(
    request: Request,
    language: Annotated[str, Form(max_length=20)] = "",
    then: Annotated[str, Form(alias="next", max_length=PLACE_CHARS_MAX)] = "/",
) -> RedirectResponse:
    """Keep the language that was chosen for a year, and lead back; one that is not spoken here changes nothing."""
    response = RedirectResponse(place_of_ours(then), status_code=303)
    if known_language(language) is not None:
        set_cookie(request, response, LANGUAGE_COOKIE, language, LANGUAGE_SECONDS)
    return response


@router.get("/words.js")
def words(request: Request, language: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Give what the scripts of pages say, in a language, by the English of it."""
    told = words_of_scripts(language) if language in LANGUAGES else {}
    script = f"globalThis.presenceWords = {json.dumps(told, ensure_ascii=False)};\n".encode()
    tag = f'"{hashlib.sha256(script).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"max-age={SCRIPT_SECONDS}"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)
