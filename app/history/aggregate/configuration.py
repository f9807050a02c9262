"""How doubtful samples are treated when a tag's history is aggregated (OPC 10000-13, 4.2.1.2)."""

from __future__ import annotations

from dataclasses import dataclass

OPC_UA_TICK = 100


@dataclass(frozen=True, slots=True)
class AggregateConfiguration:
    """The standard's AggregateConfigurationType with its default values.

    `treat_uncertain_as_bad`: whether uncertain samples are left out like bad ones.
    `percent_data_bad`, `percent_data_good`: from which share on (0..100) of bad or good samples, or of bad or good
    time, a result is Bad or Good; between the two it is Uncertain_DataSubNormal.
    `use_sloped_extrapolation`: whether behind the last sample of an unstepped tag the line through its last two goes
    on; otherwise the last value stays.
    `resolution`: the time resolution of the historian in ns, the duration of the last sample of all (5.4.2.4).

    Raise ValueError for percentages that leave a result both good and bad: the good one shall be at least 100 less the
    bad one.
    """

    treat_uncertain_as_bad: bool = True
    percent_data_bad: int = 100
    percent_data_good: int = 100
    use_sloped_extrapolation: bool = False
    resolution: int = OPC_UA_TICK

    def __post_init__(self) -> None:
        """Check the percentages."""
        for percent in (self.percent_data_bad, self.percent_data_good):
            if not 0 <= percent <= 100:
                raise ValueError(f"{percent}: a percentage of good or bad data is between 0 and 100")
        if self.percent_data_good + self.percent_data_bad < 100:
            raise ValueError(
                f"PercentDataGood {self.percent_data_good} is less than 100 - PercentDataBad {self.percent_data_bad}"
            )


DEFAULT = AggregateConfiguration()
