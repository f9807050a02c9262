"""Which of the endpoints of a server is used, and how its user is let in; each refusal names what to write instead."""

from __future__ import annotations

from asyncua import ua

from drivers.login import LoginOffer, Misfit, MisfitCode
from drivers.opcua.discovery import Offer
from drivers.opcua.login import login_offer_of
from drivers.opcua.pki import ServerMemory
from drivers.opcua.security import Security, security_from, token_rank
from drivers.opcua.security_names import AUTO, NONE
from drivers.opcua.settings import OpcUaSettings


def choose(settings: OpcUaSettings, offer: Offer, memory: ServerMemory) -> tuple[Security, ua.EndpointDescription]:
    """Return the security and the endpoint to be used; raise Misfit with reason and remedy."""
    shown = login_offer_of(settings.url, offer)
    if not offer.endpoints:
        raise Misfit(
            f"{settings.url}: the server offers no endpoint over opc.tcp with a policy that is known here",
            MisfitCode.NOTHING_OFFERED,
            shown,
        )
    if settings.security == AUTO:
        return _best(settings, offer, memory)
    wanted = security_from(settings.security)
    endpoint = offer.endpoint(wanted)
    if endpoint is None:
        only = ", ".join(offer.texts)
        if wanted.is_none:
            raise Misfit(
                f"{settings.url}: the server offers no endpoint without security, only {only}: "
                f'set security = "{AUTO}", or allow SecurityPolicy None there',
                MisfitCode.NOT_OFFERED,
                shown,
            )
        raise Misfit(
            f"{settings.url}: the server does not offer {wanted.text}, only {only}: "
            f'set security = "{offer.texts[0]}", or allow {wanted.text} there',
            MisfitCode.NOT_OFFERED,
            shown,
        )
    return wanted, endpoint


def _best(settings: OpcUaSettings, offer: Offer, memory: ServerMemory) -> tuple[Security, ua.EndpointDescription]:
    allowed = [(security, endpoint) for security, endpoint in offer.endpoints if _is_allowed(settings, security)]
    if not allowed:
        broken = ", ".join(offer.texts)
        raise Misfit(
            f"{settings.url}: the server offers only {broken}, which can be broken: get a newer firmware for it, "
            f'or set security = "{offer.texts[0]}" and legacy_security = true',
            MisfitCode.ONLY_LEGACY,
            login_offer_of(settings.url, offer),
        )
    best, endpoint = allowed[0]
    if memory.used and best.rank < security_from(memory.used).rank:
        raise Misfit(
            f"{settings.url}: the server offers only {best.text}, and {memory.used} has been used with it so far: "
            "somebody may stand between; where the server was changed on purpose, trust it anew, or set "
            f'security = "{best.text}"',
            MisfitCode.LESS_THAN_BEFORE,
            login_offer_of(settings.url, offer),
        )
    return best, endpoint


def _is_allowed(settings: OpcUaSettings, security: Security) -> bool:
    return settings.legacy_security or not security.is_legacy


def check_login(settings: OpcUaSettings, security: Security, endpoint: ua.EndpointDescription) -> None:
    """Raise Misfit where the server lets nobody in this way, or a password could be read on its way."""
    tokens = list(endpoint.UserIdentityTokens or [])
    if not tokens:
        return  # some servers say nothing of it here; the session will tell
    kind, name = _wanted_token(settings)
    fitting = [token for token in tokens if token.TokenType == kind]
    if not fitting:
        ways = ", ".join(dict.fromkeys(_TOKEN_NAMES.get(token.TokenType, "other") for token in tokens))
        raise Misfit(
            f"{settings.url}: the server does not take {name}, only {ways}: {_remedy(tokens)}",
            MisfitCode.LOGIN_NOT_TAKEN,
            _offer_of(settings, security, endpoint),
        )
    if kind == ua.UserTokenType.UserName and settings.security != NONE and security.is_none:
        best = best_token(fitting, security)
        if token_rank(best.SecurityPolicyUri or "") <= 0:
            raise Misfit(
                f"{settings.url}: the server would be sent the password in plain text: let it offer a security policy, "
                f'or set security = "{NONE}" where nobody else is in this network',
                MisfitCode.IN_PLAIN_TEXT,
                _offer_of(settings, security, endpoint),
            )


def _offer_of(settings: OpcUaSettings, security: Security, endpoint: ua.EndpointDescription) -> LoginOffer:
    return login_offer_of(settings.url, Offer(((security, endpoint),)))


def best_token(tokens: list[ua.UserTokenPolicy], security: Security) -> ua.UserTokenPolicy:
    """Return the way of logging in that protects a secret best; one that names no policy has that of the channel."""
    channel = "" if security.is_none else security.library_policy.URI
    return max(tokens, key=lambda token: token_rank(token.SecurityPolicyUri or channel))


_TOKEN_NAMES = {
    ua.UserTokenType.Anonymous: "anonymous clients",
    ua.UserTokenType.UserName: "user and password",
    ua.UserTokenType.Certificate: "a user certificate",
    ua.UserTokenType.IssuedToken: "an issued token",
}


def _wanted_token(settings: OpcUaSettings) -> tuple[ua.UserTokenType, str]:
    kind = ua.UserTokenType.Anonymous
    if settings.user_certificate:
        kind = ua.UserTokenType.Certificate
    elif settings.user:
        kind = ua.UserTokenType.UserName
    return kind, _TOKEN_NAMES[kind]


def _remedy(tokens: list[ua.UserTokenPolicy]) -> str:
    kinds = {token.TokenType for token in tokens}
    if ua.UserTokenType.UserName in kinds:
        return "set user and password_env"
    if ua.UserTokenType.Certificate in kinds:
        return "set user_certificate and user_key"
    return "leave out user and user_certificate" if ua.UserTokenType.Anonymous in kinds else "allow another way there"
