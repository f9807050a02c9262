"""Small plants, definitions and samples for the tests of alarms."""

from collections.abc import Sequence

from app.model import status
from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from app.model.text import LocalText

START = 1_700_000_000 * NS_PER_S


def tags_of(count: int, *, scan_ms: int = 100) -> list[TagDefinition]:
    return [
        TagDefinition(
            handle=handle,
            name=f"T{handle}",
            equipment=f"E{handle}",
            title=LocalText(f"Temperature {handle}"),
            connection="line",
            address=f"HR{handle}",
            scan_ms=scan_ms,
        )
        for handle in range(count)
    ]


def definition(
    condition: ConditionKind = ConditionKind.HIGH,
    limit: float = 100.0,
    *,
    tag: str = "T0",
    name: str = "",
    deadband: float = 0.0,
    on_delay_s: float = 0.0,
    off_delay_s: float = 0.0,
    setpoint: str | float = "",
    states: tuple[float, ...] = (),
    expression: str = "",
) -> AlarmDefinition:
    return AlarmDefinition(
        id=name or f"{tag}.{condition}",
        tag=tag,
        condition=condition,
        limit=limit,
        priority=Priority.HIGH,
        message=LocalText("Temperature", "温度"),
        deadband=deadband,
        on_delay_s=on_delay_s,
        off_delay_s=off_delay_s,
        setpoint=setpoint,
        states=states,
        expression=expression,
    )


def samples(values: Sequence[tuple[float, float]], *, handle: int = 0, code: int = status.GOOD) -> Block:
    """Return (seconds after START, value) pairs of one tag as a block."""
    return block_of(handle, [START + round(second * NS_PER_S) for second, _ in values], [v for _, v in values], code)


def at(second: float) -> int:
    return START + round(second * NS_PER_S)
