"""The certificate store of a plant or a user: `pki/{own,trusted,issuers,rejected}` and what is remembered of servers.

`trusted` holds certificates that are believed: of servers, and of authorities (CAs) whose servers are. `issuers` holds
authorities that complete a chain but are not believed by themselves. Revocation lists stand in either. Anything that
is put there by hand counts, under whatever file name. `servers.json` remembers which certificate was trusted for which
URL and the best security that was used with it; `journal.jsonl` who trusted and refused what, and when.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography import x509
from filelock import FileLock, Timeout

from app.model import clock
from drivers.driver import DriverError
from drivers.opcua.certificate import (
    certificates_in,
    common_name,
    der,
    fingerprint,
    plain_hex,
    revocation_lists_in,
    thumbprint,
)
from drivers.whole_file import replace_file

log = logging.getLogger(__name__)

MOST_REJECTED = 50
_LOCK_S = 2.0
_UNSAFE = re.compile(r"[^\w. -]+")
_SHORTEST_PREFIX = 16


class ServerMemory(msgspec.Struct, frozen=True):
    """What is remembered of the server at one URL.

    `trusted`, `offered`: SHA-256 of the certificate that was trusted for it, and of one that it showed and was not.
    `accepted`: faults that were seen when it was trusted. `reason`: why `offered` was not believed. `uri`: the
    ApplicationUri by which it called itself. `used`: the best security so far. `offers`: all that it offers.
    """

    trusted: str = ""
    accepted: tuple[str, ...] = ()
    offered: str = ""
    reason: str = ""
    uri: str = ""
    used: str = ""
    offers: tuple[str, ...] = ()


class StoreUnusable(DriverError):
    """The certificate store cannot be read or written; the message names the file and the remedy."""


class Pki:
    """One certificate store; folders are made when something is put into them."""

    def __init__(self, path: Path) -> None:
        """Use the store at `path`, which need not exist yet."""
        self.path = path

    @property
    def own(self) -> Path:
        """Return the folder of our own certificate and its key."""
        return self.path / "own"

    @property
    def trusted_folder(self) -> Path:
        """Return the folder of what is believed."""
        return self.path / "trusted"

    @property
    def issuers_folder(self) -> Path:
        """Return the folder of authorities that complete a chain."""
        return self.path / "issuers"

    @property
    def rejected_folder(self) -> Path:
        """Return the folder of certificates that were shown and not believed."""
        return self.path / "rejected"

    def trusted(self) -> list[x509.Certificate]:
        """Return what is believed."""
        return list(certificates_in(self.trusted_folder).values())

    def issuers(self) -> list[x509.Certificate]:
        """Return authorities that complete a chain."""
        return list(certificates_in(self.issuers_folder).values())

    def revocation_lists(self) -> list[x509.CertificateRevocationList]:
        """Return the revocation lists beside the authorities."""
        return [*revocation_lists_in(self.trusted_folder), *revocation_lists_in(self.issuers_folder)]

    def find(self, mark: str) -> x509.Certificate | None:
        """Return a certificate of the store by its SHA-256, its SHA-1, or at least 16 digits of either's beginning."""
        wanted = plain_hex(mark)
        if len(wanted) < _SHORTEST_PREFIX:
            return None
        for folder in (self.trusted_folder, self.rejected_folder):
            for certificate in certificates_in(folder).values():
                if any(name(certificate).startswith(wanted) for name in (fingerprint, thumbprint)):
                    return certificate
        return None

    def memory(self, url: str) -> ServerMemory:
        """Return what is remembered of the server at a URL."""
        return self._servers().get(url, ServerMemory())

    def remember(self, url: str, **changes: object) -> None:
        """Change what is remembered of the server at a URL; costs nothing where it is remembered already."""
        known = self.memory(url)
        if msgspec.structs.replace(known, **changes) == known:
            return
        with self._locked():
            servers = self._servers()
            servers[url] = msgspec.structs.replace(servers.get(url, ServerMemory()), **changes)
            text = msgspec.json.format(msgspec.json.encode(servers), indent=1)
            replace_file(self.path / "servers.json", text + b"\n")

    def reject(self, certificate: x509.Certificate, url: str, **seen: object) -> None:
        """Put a certificate that is not believed where somebody can look at it; `seen`: what else is remembered."""
        self.remember(url, offered=fingerprint(certificate), **seen)
        path = self.rejected_folder / _file_name(certificate)
        if path.exists():
            return
        with self._locked():
            replace_file(path, der(certificate))
            aged = sorted(self.rejected_folder.glob("*"), key=lambda file: file.stat().st_mtime_ns)
            for old in aged[:-MOST_REJECTED]:
                old.unlink(missing_ok=True)
        self.note("rejected", url, certificate, reason=str(seen.get("reason", "")))

    def trust(self, certificate: x509.Certificate, url: str, *, accepted: tuple[str, ...], by: str) -> None:
        """Believe a certificate for a URL; the one that it replaces is believed no more."""
        former = self.memory(url).trusted
        with self._locked():
            replace_file(self.trusted_folder / _file_name(certificate), der(certificate))
            for path, other in certificates_in(self.rejected_folder).items():
                if other == certificate:
                    path.unlink(missing_ok=True)
            if former and former != fingerprint(certificate):
                self._drop(former, besides=url)
        self.remember(
            url, trusted=fingerprint(certificate), accepted=accepted, offered="", reason="", used="", offers=()
        )
        self.note("trusted", url, certificate, by=by, accepted=",".join(accepted))

    def refuse(self, certificate: x509.Certificate, url: str, *, by: str) -> None:
        """Note that somebody looked at a certificate and refused it; it stays among the rejected ones."""
        self.note("refused", url, certificate, by=by)

    def note(self, act: str, url: str, certificate: x509.Certificate, **more: str) -> None:
        """Add a line to the journal of the store."""
        line = {
            "time": clock.to_datetime(clock.now_ns()).isoformat(timespec="seconds"),
            "act": act,
            "url": url,
            "subject": certificate.subject.rfc4514_string(),
            "sha256": fingerprint(certificate),
            **more,
        }
        self._make(self.path)
        with (self.path / "journal.jsonl").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _drop(self, mark: str, *, besides: str) -> None:
        """Believe a certificate no more, unless it is trusted for another URL; it is then among the rejected."""
        if any(known.trusted == mark for url, known in self._servers().items() if url != besides):
            return
        for path, certificate in certificates_in(self.trusted_folder).items():
            if fingerprint(certificate) == mark:
                replace_file(self.rejected_folder / _file_name(certificate), der(certificate))
                path.unlink(missing_ok=True)

    def _servers(self) -> dict[str, ServerMemory]:
        path = self.path / "servers.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, ServerMemory])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            raise StoreUnusable(
                f"{path} cannot be read ({error}): correct it, or remove it and trust the servers anew"
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._make(self.path)
        try:
            with FileLock(self.path / ".lock", timeout=_LOCK_S):
                yield
        except Timeout as error:
            raise StoreUnusable(f"{self.path} is held by another program: try again") from error
        except OSError as error:
            raise StoreUnusable(
                f"{error.filename or self.path} cannot be written ({error.strerror}): give this user the right to"
            ) from error

    @staticmethod
    def _make(folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnusable(
                f"{folder} cannot be made ({error.strerror}): give this user the right to, or make it"
            ) from error


def _file_name(certificate: x509.Certificate) -> str:
    """Return "NAME [THUMBPRINT].der", as other OPC UA programs name the files of their stores."""
    name = _UNSAFE.sub("_", common_name(certificate.subject)).strip(" .")[:60]
    return f"{name or 'certificate'} [{thumbprint(certificate)}].der"
