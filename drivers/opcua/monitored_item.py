"""What is asked for each monitored item, and what the server makes of it: deadband, sampling, queue, overflows."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds

from app.model import status
from app.model.status import StatusArray
from drivers.driver import TagSpec
from drivers.opcua.refusal import status_name
from drivers.opcua.settings import OpcUaSettings

_INFO_TYPE = 0x0C00
_NO_DEADBAND_HERE = {
    "BadFilterNotAllowed",
    "BadMonitoredItemFilterInvalid",
    "BadMonitoredItemFilterUnsupported",
    "BadDeadbandFilterInvalid",
}


class ItemTerms:
    """The terms of the items of one scan period; `publishing_ms` is the interval that the server has settled on."""

    def __init__(self, settings: OpcUaSettings, period_ms: int) -> None:
        """Begin with the period as the interval."""
        self.publishing_ms = float(period_ms)
        self.overflows = 0
        self._settings = settings
        self._period_ms = period_ms
        self._slower: Counter[float] = Counter()
        self._short_queues = 0
        self._without_deadband = 0

    def request(self, tag: TagSpec, node: ua.NodeId, client_handle: int) -> ua.MonitoredItemCreateRequest:
        """Return what is asked for a tag; its scan period is the sampling interval."""
        return ua.MonitoredItemCreateRequest(
            ua.ReadValueId(node, AttributeIds.Value),
            ua.MonitoringMode.Reporting,
            ua.MonitoringParameters(
                ClientHandle=ua.UInt32(client_handle),
                SamplingInterval=float(self._period_ms),
                Filter=self._filter(tag),
                QueueSize=ua.UInt32(self._queue_size()),
                DiscardOldest=True,
            ),
        )

    def without_deadband(
        self, request: ua.MonitoredItemCreateRequest, result: ua.MonitoredItemCreateResult
    ) -> ua.MonitoredItemCreateRequest | None:
        """Return the request anew where the server refused its deadband, as for texts and without an EURange."""
        asked = request.RequestedParameters.Filter
        if not isinstance(asked, ua.DataChangeFilter) or not asked.DeadbandType:
            return None
        if status_name(result.StatusCode.value) not in _NO_DEADBAND_HERE:
            return None
        self._without_deadband += 1
        request.RequestedParameters.Filter = _plain_filter(self._settings)
        return request

    def note(self, result: ua.MonitoredItemCreateResult) -> None:
        """Take down what the server has made of an item that it monitors."""
        if result.RevisedSamplingInterval > self._period_ms:
            self._slower[result.RevisedSamplingInterval] += 1
        sampling_ms = result.RevisedSamplingInterval or self._period_ms
        self._short_queues += result.RevisedQueueSize < min(self._queue_size(), self.publishing_ms / sampling_ms)

    def count_overflows(self, codes: StatusArray) -> None:
        """Count values before which others were lost in the server's queue (Part 4, 7.39.1)."""
        if np.maximum.reduce(codes, initial=0):
            self.overflows += int(((codes & (_INFO_TYPE | status.OVERFLOW)) == status.OVERFLOW).sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what people should know, each as a sentence."""
        scan = f"at a scan of {self._period_ms} ms"
        slower = (f"{n} tags {scan} are sampled each {ms:g} ms only" for ms, n in sorted(self._slower.items()))
        rest = (
            (self.overflows, f"{self.overflows} times the server's queue has lost values {scan}: raise queue_size"),
            (
                self._short_queues,
                f"{self._short_queues} tags {scan} have a queue too short for one interval",
            ),
            (self._without_deadband, f"{self._without_deadband} tags {scan} have no deadband: the server refuses it"),
        )
        interval = (
            f"messages {scan} come each {self.publishing_ms:g} ms only" if self.publishing_ms > self._period_ms else ""
        )
        return tuple(text for text in (interval, *slower, *(text for count, text in rest if count)) if text)

    def _queue_size(self) -> int:
        """Return for how many samples there must be room: twice what one interval brings."""
        return max(self._settings.queue_size, 2 * math.ceil(self.publishing_ms / self._period_ms))

    def _filter(self, tag: TagSpec) -> ua.DataChangeFilter:
        settings = self._settings
        if not settings.deadband and not settings.deadband_percent:
            return _plain_filter(settings)
        kind = ua.DeadbandType.Percent if settings.deadband_percent else ua.DeadbandType.Absolute
        value = settings.deadband_percent or settings.deadband / abs(tag.gain or 1.0)
        # a new time would be a change of its own, whatever the deadband
        return ua.DataChangeFilter(ua.DataChangeTrigger.StatusValue, ua.UInt32(kind.value), ua.Double(value))


def _plain_filter(settings: OpcUaSettings) -> ua.DataChangeFilter:
    is_by_time = settings.trigger == "timestamp" and not settings.deadband and not settings.deadband_percent
    trigger = ua.DataChangeTrigger.StatusValueTimestamp if is_by_time else ua.DataChangeTrigger.StatusValue
    return ua.DataChangeFilter(Trigger=trigger)
