"""What the StatusCode of a value that could not be had means to whoever stands before the device, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.model import status
from app.model.block import Block

_SHOWN = 5

_REMEDIES: Mapping[int, str] = {
    status.BAD_NODE_ID_UNKNOWN: "the device has no such address: `foreshift browse {url}` lists those that it has",
    status.BAD_NOT_SUPPORTED: "the device does not know this function or kind of value: look into its manual",
    status.BAD_OUT_OF_RANGE: "the device refuses the address or the number of registers: look into its manual",
    status.BAD_NOT_READABLE: "the device does not let it be read",
    status.BAD_USER_ACCESS_DENIED: "this user may not read it: log in as another one, with --user and --password-env",
    status.BAD_TYPE_MISMATCH: "what the device holds there is no single value that can be shown",
    status.BAD_NO_DATA: "the device has no value there at present",
    status.BAD_WAITING_FOR_INITIAL_DATA: "the device has no value yet: read again in a moment",
    status.BAD_DEVICE_FAILURE: "the device says that it has failed, or that part of it which is asked",
    status.BAD_SENSOR_FAILURE: "the device says that the sensor has failed: look at sensor and cable",
    status.BAD_RESOURCE_UNAVAILABLE: "the device is busy: read again in a moment",
    status.BAD_DECODING_ERROR: "it answers what was not asked for: is it the right unit, with nobody else on the line?",
    status.BAD_COMMUNICATION_ERROR: "no answer: check port, unit id (?unit=N) and wiring; raise timeout_ms if slow",
    status.BAD_NO_COMMUNICATION: "who was asked does not reach it: check unit id (?unit=N) and the line behind it",
    status.BAD_NOT_CONNECTED: "the device is not connected to who was asked: check the line behind it",
    status.BAD_OUT_OF_SERVICE: "it was left alone, since it had not answered: check unit id (?unit=N) and line",
    status.BAD_TIMEOUT: "no answer in time: raise timeout_ms where the device is slow",
}


def remedies(block: Block, addresses: Sequence[str], url: str) -> list[str]:
    """Return a line for each kind of bad value in a Block, with those of `addresses` that have it (by handle).

    An address that is none (BadNodeIdInvalid) is left to the driver, who shows how one is written.
    """
    concerned: dict[int, list[str]] = {}
    for handle, code in zip(block.handle.tolist(), block.status.tolist(), strict=True):
        if code >= status.BAD and code & status.CODE_MASK != status.BAD_NODE_ID_INVALID:
            concerned.setdefault(code & status.CODE_MASK, []).append(addresses[handle])
    return [_line(code, names, url) for code, names in concerned.items()]


def _line(code: int, names: Sequence[str], url: str) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    told = _REMEDIES.get(code, "the device gives no value; OPC UA Part 4, 7.39 explains the code")
    return f"{', '.join(names[:_SHOWN])}{more}: {status.name(code)}: {told.format(url=url)}"
