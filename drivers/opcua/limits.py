"""How many items one request may hold: what the options and the server say, and what it has been seen to bear."""

from __future__ import annotations

from enum import Enum

from asyncua.ua.object_ids import ObjectIds

TOO_LARGE = frozenset(
    {
        "BadTooManyOperations",
        "BadTooManyMonitoredItems",
        "BadRequestTooLarge",
        "BadResponseTooLarge",
        "BadEncodingLimitsExceeded",
        "BadTcpMessageTooLarge",
    }
)


class Service(Enum):
    """The services whose items are many; the value is the variable of the server's limit (OPC 10000-5, 6.3.11)."""

    READ = ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead
    MONITOR = ObjectIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall
    BROWSE = ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse
    HISTORY = ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData


class OperationLimits:
    """The limits of one server; what it bears is remembered for its URL, since it may end the connection over it."""

    _borne: dict[str, int] = {}  # noqa: RUF012 - shared by all connections of this process on purpose

    def __init__(self, url: str, max_items: int) -> None:
        """Begin with the option `max_items`."""
        self._url = url
        self._most = dict.fromkeys(Service, min(max_items, self._borne.get(url, max_items)))

    def most(self, service: Service) -> int:
        """Return how many items a request of a service may hold."""
        return self._most[service]

    def lower(self, service: Service, most: int) -> None:
        """Note that the server takes no more than `most` items."""
        self._most[service] = max(1, min(most, self._most[service]))

    def connection_ended(self, reason: str) -> None:
        """Ask for half as much from now on where the server has ended the connection since a request was too large."""
        if any(code in reason for code in TOO_LARGE):
            self._borne[self._url] = max(1, min(self._most.values()) // 2)
