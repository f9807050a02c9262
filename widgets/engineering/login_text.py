"""How a device lets its users in, in words that somebody can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drivers.login import LoginKind, LoginOffer, Misfit, MisfitCode
from drivers.secret_store import Keeping
from widgets.translation import tr

_LOGINS: Mapping[LoginKind, Callable[[], str]] = {
    LoginKind.ANONYMOUS: lambda: tr("Nobody (anonymous)"),
    LoginKind.PASSWORD: lambda: tr("User and password"),
    LoginKind.CERTIFICATE: lambda: tr("User certificate"),
    LoginKind.TOKEN: lambda: tr("Issued token"),
}
_KEPT: Mapping[Keeping, Callable[[], str]] = {
    Keeping.KEYRING: lambda: tr("Kept in the keyring of this PC's user, never in the plant file."),
    Keeping.ENCRYPTED: lambda: tr("Kept encrypted in the plant's folder, never in the plant file."),
    Keeping.NOWHERE: lambda: tr(
        "Kept in a file that only this user of the PC can read, never in the plant file: this PC has no keyring."
    ),
}


def login_text(kind: LoginKind) -> str:
    """Return what a way of logging in is called."""
    return _LOGINS[kind]()


def security_name(text: str) -> str:
    """Return what a policy and mode mean: "Signed and encrypted (Basic256Sha256)"."""
    policy, _, mode = text.partition("/")
    if policy == "None":
        return tr("Not protected")
    if mode == "Sign":
        return tr("Signed, not encrypted ({policy})", policy=policy)
    return tr("Signed and encrypted ({policy})", policy=policy)


def kept_text(place: Keeping) -> str:
    """Return where a password would be kept."""
    return _KEPT[place]()


def offer_text(offer: LoginOffer) -> str:
    """Return what speaks against what a device offers, "" where nothing does."""
    if not offer.securities:
        return tr("The device offers no way in that is known here. Update its firmware, or ask its maker.")
    if all(each.is_legacy for each in offer.securities):
        return tr(
            "The device offers only what can be broken. Get a newer firmware for it, or choose one of them knowingly."
        )
    if all(each.text == "None" for each in offer.securities):
        return tr("The device offers no protection: what is sent can be read and changed on its way.")
    return ""


def misfit_text(misfit: Misfit, security: str, login: LoginKind) -> str:
    """Return why nobody is let in as it was asked for, and what to choose instead."""
    offered = ", ".join(security_name(each.text) for each in misfit.offer.securities)
    match misfit.code:
        case MisfitCode.NOT_OFFERED:
            return tr(
                "The device does not offer: {wanted}. It offers: {offered}. Choose one of these below.",
                wanted=security_name(security),
                offered=offered,
            )
        case MisfitCode.LOGIN_NOT_TAKEN:
            return tr(
                "The device does not take: {wanted}. It takes: {taken}. Fill it in below, and browse again.",
                wanted=login_text(login),
                taken=", ".join(login_text(each) for each in misfit.offer.logins),
            )
        case MisfitCode.IN_PLAIN_TEXT:
            return tr(
                "The password could be read on its way. Let the device offer a security policy, or choose: "
                "Not protected."
            )
        case MisfitCode.LESS_THAN_BEFORE:
            return tr(
                "The device offers less protection than before: {offered}. Somebody may stand between. Where it was "
                "changed on purpose, choose that below.",
                offered=offered,
            )
        case MisfitCode.NOTHING_OFFERED | MisfitCode.ONLY_LEGACY:
            return offer_text(misfit.offer)
