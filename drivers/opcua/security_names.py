"""The names that security has in a plant file, and which of them may be given; asyncua is not needed for it."""

from __future__ import annotations

AUTO, NONE = "auto", "None"
POLICIES = ("Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep")
"""The safe ones, the strongest first."""
LEGACY = ("Basic256", "Basic128Rsa15")
"""Withdrawn by the OPC Foundation (Part 7): SHA-1, and RSA 1.5 that can be decrypted by asking often enough."""
MODES = ("SignAndEncrypt", "Sign")
ACCEPTABLE = ("expired", "not_yet_valid", "host", "uri", "usage", "key")
"""Faults of a server's certificate that the option `accept` may pass over; a revoked one never is."""


def check_security(text: str, *, is_legacy_allowed: bool) -> str:
    """Return what is wrong with a value of `security` and what to write instead, "" where nothing is."""
    policy, slash, mode = text.partition("/")
    if text in {AUTO, NONE} or (policy in POLICIES and (not slash or mode in MODES)):
        return ""
    if policy in LEGACY and (not slash or mode in MODES):
        if is_legacy_allowed:
            return ""
        return f"{policy} is broken and was withdrawn: write {POLICIES[1]}, or allow it with legacy_security = true"
    return f'write "{AUTO}", "{NONE}", or {", ".join(POLICIES)}, with "/Sign" behind it where nothing may be encrypted'


def check_accept(text: str) -> str:
    """Return what is wrong with a value of `accept`, "" where nothing is."""
    unknown = [word for word in words_of(text) if word not in ACCEPTABLE]
    return f'"{unknown[0]}" cannot be accepted: write some of {", ".join(ACCEPTABLE)}' if unknown else ""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
