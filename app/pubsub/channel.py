"""The channel of events and commands between a collector and its windows, both ends of it under one name."""

from app.pubsub.event_client import ChannelClosed, EventClient
from app.pubsub.event_server import EventServer, OnCommand, OnGone, Reply
from app.pubsub.rendezvous import RendezvousError, address_of, new_token, read_token, write_token

__all__ = [
    "ChannelClosed",
    "EventClient",
    "EventServer",
    "OnCommand",
    "OnGone",
    "RendezvousError",
    "Reply",
    "address_of",
    "new_token",
    "read_token",
    "write_token",
]
