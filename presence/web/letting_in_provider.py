"""The node as an authorization server, as the handlers of the Model Context Protocol ask it (OAuth 2.1)."""

import asyncio
import re

from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    AuthorizeError,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    TokenError,
)
from mcp.shared.auth import InvalidRedirectUriError, OAuthClientInformationFull, OAuthToken
from pydantic import AnyUrl

from presence.errors import ProgramUnknown, SignInFirst, TooManyKeys
from presence.sessions.bearer import KeyMadeAlready
from presence.sessions.letting_in import ASKED_CHARS_MAX, SECRET, Code, LettingIn, Program, comes_back_to
from presence.web.letting_in import CONSENT

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7636, section 4.2


class Registered(OAuthClientInformationFull):
    """A program that registered here. What scopes it asks for changes nothing: the listener says how far it goes."""

    def validate_scope(self, requested_scope: str | None) -> list[str] | None:
        return None

    def validate_redirect_uri(self, redirect_uri: AnyUrl | None) -> AnyUrl:
        known = [str(one) for one in self.redirect_uris or []]
        if redirect_uri is None and len(known) == 1:
            return AnyUrl(known[0])
        if redirect_uri is not None and any(comes_back_to(one, str(redirect_uri)) for one in known):
            return redirect_uri
        raise InvalidRedirectUriError("redirect_uri: send one that this program registered.")


class Agreed(AuthorizationCode):
    """A code, with what it says."""

    agreed: Code


class Provider(OAuthAuthorizationServerProvider[Agreed, RefreshToken, AccessToken]):
    """One for each request: `resources` are the addresses of this node under the name that was asked for."""

    def __init__(self, letting_in: LettingIn, resources: frozenset[str]) -> None:
        self._letting_in = letting_in
        self._resources = resources

    async def get_client(self, client_id: str) -> Registered | None:
        """Give what a `client_id` says, or None."""
        try:
            program = self._letting_in.program(client_id)
        except ProgramUnknown:
            return None
        return registered(self._letting_in, client_id, program)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        raise NotImplementedError("programs are registered by `presence.web.letting_in`")

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        """Give the address of the page where a listener is asked."""
        if params.resource is not None and params.resource.rstrip("/") not in self._resources:
            raise AuthorizeError("invalid_target", "resource: that is not an address of this presence.")
        if _CHALLENGE.fullmatch(params.code_challenge) is None:
            raise AuthorizeError("invalid_request", "code_challenge: that is no SHA-256 in base64url.")
        address, is_explicit = str(params.redirect_uri), params.redirect_uri_provided_explicitly
        sealed = self._letting_in.ask(
            client.client_id, address, is_explicit=is_explicit, state=params.state, challenge=params.code_challenge
        )
        if len(sealed) > ASKED_CHARS_MAX:
            raise AuthorizeError("invalid_request", "state: that is too long.")
        return f"{CONSENT}?asked={sealed}"

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> Agreed | None:
        """Give what a code of this program says, or None."""
        try:
            code = self._letting_in.code(client.client_id, authorization_code)
        except ProgramUnknown:
            return None
        return Agreed(
            code=authorization_code,
            scopes=[],
            expires_at=code.until,
            client_id=client.client_id,
            code_challenge=code.challenge,
            redirect_uri=AnyUrl(code.address),
            redirect_uri_provided_explicitly=code.is_explicit,
            subject=code.did,
            agreed=code,
        )

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: Agreed
    ) -> OAuthToken:
        """Give the key. A code that comes a second time ends it."""
        try:
            key, secret = await asyncio.to_thread(self._letting_in.redeem, authorization_code.agreed)
        except KeyMadeAlready as error:
            raise TokenError("invalid_grant", "This code was used before. The key that it gave is over.") from error
        except (TooManyKeys, SignInFirst) as error:
            raise TokenError("invalid_grant", str(error)) from error
        return OAuthToken(access_token=secret, expires_in=int(key.expires_at - key.made_at))

    async def load_refresh_token(self, client: OAuthClientInformationFull, refresh_token: str) -> RefreshToken | None:
        """None are given: a key lasts as long as the listener said, and then she is asked again."""
        return None

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        raise TokenError("unsupported_grant_type", "No refresh tokens are given here.")

    async def load_access_token(self, token: str) -> AccessToken | None:
        raise NotImplementedError("keys are found by `presence.sessions.bearer`")

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        raise NotImplementedError("keys are ended by `presence.web.letting_in`")


def registered(letting_in: LettingIn, ident: str, program: Program) -> Registered:
    """Give the record of a program (RFC 7591, section 3.2.1)."""
    told = {
        "client_id": ident,
        "client_name": program.name or None,
        "redirect_uris": list(program.addresses),
        "token_endpoint_auth_method": program.proves_by,
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "client_secret": letting_in.secret_of(ident) if program.proves_by == SECRET else None,
        "client_secret_expires_at": 0 if program.proves_by == SECRET else None,
    }
    return Registered.model_validate(told)
