"""What is known of a device that a search has found, in the words of the window."""

from __future__ import annotations

from widgets.engineering.devices import DeviceFound
from widgets.translation import tr

_KINDS = {"opc.tcp": "OPC UA", "modbus": "Modbus", "modbus+tls": "Modbus TLS", "sparkplug": "MQTT"}


def kind_text(device: DeviceFound) -> str:
    """Return the protocol of a device by its own name."""
    return _KINDS.get(device.port.url.partition("://")[0], "")


def introduction_text(device: DeviceFound) -> str:
    """Return who answers at a port, and which units of a bus; "" where nobody was asked."""
    if device.is_asked:
        return tr("is being asked who it is…")
    if device.is_silent:
        return tr("takes a connection and says nothing: is the device well, and is it the right protocol?")
    who = device.who
    if who is None:
        return ""
    parts = [who.name] if who.name else []
    if len(who.units) == 1:
        parts.append(tr("unit {n}", n=who.units[0]))
    elif who.units:
        parts.append(tr("units {numbers}", numbers=", ".join(map(str, who.units))))
    elif who.asked:
        parts.append(tr("none of the usual units answered at once: press it, and they are asked patiently"))
    if who.is_guarded:
        parts.append(tr("asks for a login or a certificate"))
    return "   ".join(parts)
