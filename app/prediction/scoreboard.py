"""The scoreboard: what was foretold is put on record when it is told, and scored by what then really happened.

TrackRecord compares the slopes of a forecast with those that followed, half its own age later, to set the width of the
next band; it lives in memory. Here whole claims are kept for good and judged by the limit itself, so that the width
that TrackRecord promised can be seen beside the share that held in the end.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from app.model.alarm import AlarmEvent, AlarmRecord, ConditionKind, Priority
from app.model.case import Verdict
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, ForecastDefinition, ForecastState
from app.model.plant import Plant
from app.model.score import Claim, ClaimKind, Ground, Outcome, Score
from app.model.tag import TagKind
from app.prediction.claim_book import Band, ClaimBook, ScorePast, place

_SECONDS_PER_HOUR = 3_600.0
_GRACE = 0.5
_NEAR = 0.9
_ALERT_H = 7 * 24.0
_APART_H = 24.0
_BACK = {ForecastState.NO_TREND, ForecastState.BEYOND_HORIZON, ForecastState.NOT_ENOUGH_HISTORY}
_OPINIONS = {ForecastState.NO_TREND, ForecastState.BEYOND_HORIZON}


class Scoreboard:
    """Keeps the claims of a plant; `take_...` and `tick` return those that are new or were scored, to be stored.

    A forecast is made anew every few seconds. One that says what the last one on record says is the same claim: another
    is recorded when its middle leaves that band, an edge has moved by a quarter of the time left, or a fifth of that
    has gone. Once the limit is reached none is recorded until the tag has come back from it.
    """

    def __init__(self, plant: Plant, past: ScorePast | None = None) -> None:
        """Go on from `past`."""
        self.book = ClaimBook(past or ScorePast())
        self._definitions = {definition.id: definition for definition in plant.forecasts}
        self._about: dict[str, list[ForecastDefinition]] = defaultdict(list)
        for definition in plant.forecasts:
            self._about[definition.tag].append(definition)
            self._about[definition.equipment].append(definition)
        self._scale = plant.time_scale
        self._discrete = {tag.name for tag in plant.tags if tag.kind is TagKind.DISCRETE}
        self._state: dict[str, Forecast] = {}
        self._missed: dict[str, int] = {}
        self._over: set[str] = set()

    def scores(self, changed: Iterable[Claim] | None = None) -> list[Score]:
        """Return how well everything held, by equipment and what was said; of `changed` claims only, if given."""
        return self.book.scores(changed)

    def take_forecast(self, forecast: Forecast, version: str) -> list[Claim]:
        """Take a forecast that was told; return what is to be stored."""
        before = self._state.get(forecast.forecast)
        if forecast.state in _BACK:
            self._over.discard(forecast.forecast)
        self._state[forecast.forecast] = forecast
        match forecast.state:
            case ForecastState.FORECAST if forecast.p50:
                return self._claimed(forecast, version)
            case ForecastState.AT_LIMIT:
                is_news = before is None or before.state is not ForecastState.AT_LIMIT
                return self._reached(forecast.forecast, forecast.made, Ground.LIMIT, before) if is_news else []
            case ForecastState.NOT_ENOUGH_HISTORY if before is not None:
                return self._void(self._of(ClaimKind.FORECAST, forecast.forecast), forecast.made, Ground.REPAIR)
            case _:
                return []

    def take_alarm(self, record: AlarmRecord) -> list[Claim]:
        """Take an alarm; only one that has just been raised says anything."""
        if record.event is not AlarmEvent.RAISE:
            return []
        changed: list[Claim] = []
        for definition in self._about.get(record.tag, ()) or self._about.get(record.equipment, ()):
            ground = self._ground(record, definition)
            if ground is not Ground.NONE:
                changed += self._reached(definition.id, record.raised, ground, self._state.get(definition.id))
        if record.priority <= Priority.HIGH:
            changed += self._failed(record.equipment, record.raised)
        return changed

    def alert(self, case: int, equipment: str, made: int, version: str) -> list[Claim]:
        """Take note that health has opened a case."""
        until = made + self._ns(_ALERT_H)
        return [self._add(Claim(0, ClaimKind.HEALTH, equipment, str(case), made, version, until=until))]

    def judge(self, case: int, equipment: str, verdict: Verdict, now: int) -> list[Claim]:
        """Score what was said of a case by its verdict, which counts more than an alarm; void what was repaired."""
        outcomes = {Verdict.CONFIRMED: Outcome.HIT, Verdict.FALSE: Outcome.FALSE, Verdict.EXPECTED: Outcome.VOID}
        alerts = [claim for claim in self._of(ClaimKind.HEALTH, str(case)) if claim.equipment == equipment]
        return [self._score(claim, outcomes[verdict], now, Ground.VERDICT) for claim in alerts]

    def renew(self, equipment: str, now: int) -> list[Claim]:
        """Void what waits of an equipment that has been repaired: nobody will know what would have come."""
        waiting = [claim for claim in self.book.waiting(ClaimKind.FORECAST) if claim.equipment == equipment]
        return self._void(waiting, now, Ground.REPAIR)

    def tick(self, now: int) -> list[Claim]:
        """Return the claims whose time is over by `now` (ns UTC), scored.

        What still rises may yet come, too late: it is not false before its horizon has passed.
        """
        changed = []
        waiting = [*self.book.waiting(ClaimKind.FORECAST), *self.book.waiting(ClaimKind.HEALTH)]
        for claim in [claim for claim in waiting if 0 < claim.until <= now]:
            forecast = self._state.get(claim.subject)
            state = forecast.state if forecast is not None else None
            if claim.kind is ClaimKind.HEALTH:
                changed.append(self._score(claim, Outcome.VOID, now, Ground.TIME))
            elif state is ForecastState.BAD_DATA:
                changed.append(self._score(claim, Outcome.VOID, now, Ground.NO_DATA))
            elif state is not ForecastState.FORECAST or now >= claim.made + self._horizon(claim.subject):
                changed.append(self._score(claim, Outcome.FALSE, now, Ground.TIME))
        return changed

    def _horizon(self, name: str) -> int:
        """Return how far ahead a forecast looks, ns; 0 for one that is not defined any more."""
        definition = self._definitions.get(name)
        return self._ns(definition.horizon_h) if definition is not None else 0

    def _claimed(self, forecast: Forecast, version: str) -> list[Claim]:
        earlier = self._of(ClaimKind.FORECAST, forecast.forecast)
        if forecast.forecast in self._over or (earlier and not _is_other(forecast, earlier[-1])):
            return []
        horizon = forecast.made + self._horizon(forecast.forecast)
        late = forecast.p90 + round(_GRACE * (forecast.p90 - forecast.made)) if forecast.p90 else horizon
        return [
            self._add(
                Claim(
                    0,
                    ClaimKind.FORECAST,
                    forecast.equipment,
                    forecast.forecast,
                    forecast.made,
                    version,
                    forecast.p10,
                    forecast.p50,
                    forecast.p90,
                    until=late,
                    level=forecast.level,
                    promised=None if math.isnan(forecast.coverage) else forecast.coverage,
                )
            )
        ]

    def _reached(self, name: str, at: int, ground: Ground, before: Forecast | None) -> list[Claim]:
        """Score all that was said of a limit that has been reached at `at`."""
        if name in self._over:
            return []
        self._over.add(name)
        waiting = [claim for claim in self._of(ClaimKind.FORECAST, name) if claim.made <= at]
        if waiting:
            return [self._score(claim, place(at, claim.p10, claim.p90), at, ground, happened=at) for claim in waiting]
        if before is None or before.state not in _OPINIONS or self._is_known_missed(name, at):
            return []
        self._missed[name] = at
        missed = Claim(0, ClaimKind.FORECAST, before.equipment, name, at, "", outcome=Outcome.MISSED, happened=at)
        return [self._add(replace(missed, scored=at, ground=ground))]

    def _failed(self, equipment: str, at: int) -> list[Claim]:
        """Score health alerts of an equipment by an urgent alarm."""
        alerts = [
            claim for claim in self.book.waiting(ClaimKind.HEALTH) if claim.equipment == equipment and claim.made <= at
        ]
        return [self._score(claim, Outcome.HIT, at, Ground.ALARM, happened=at) for claim in alerts]

    def _ground(self, record: AlarmRecord, definition: ForecastDefinition) -> Ground:
        """Return by what an alarm says that the limit of a forecast is reached.

        It is the alarm of its tag at that limit or beyond, or a trip of its equipment when nine tenths of the way were
        gone: many a machine is stopped before anybody can read the limit.
        """
        if record.tag == definition.tag and record.condition is definition.direction:
            is_low = definition.direction is ConditionKind.LOW
            is_beyond = record.limit <= definition.limit if is_low else record.limit >= definition.limit
            return Ground.LIMIT if is_beyond else Ground.NONE
        is_trip = record.tag in self._discrete and record.priority <= Priority.HIGH
        if not is_trip or record.equipment != definition.equipment:
            return Ground.NONE
        earlier = self._of(ClaimKind.FORECAST, definition.id)
        state = self._state.get(definition.id)
        if not earlier or state is None:
            return Ground.NONE
        way = definition.limit - earlier[0].level
        return Ground.TRIP if way and (state.level - earlier[0].level) / way >= _NEAR else Ground.NONE

    def _is_known_missed(self, name: str, at: int) -> bool:
        return at - self._missed.get(name, -self._ns(_APART_H)) < self._ns(_APART_H)

    def _of(self, kind: ClaimKind, subject: str) -> list[Claim]:
        return [claim for claim in self.book.waiting(kind) if claim.subject == subject]

    def _void(self, claims: Iterable[Claim], now: int, ground: Ground) -> list[Claim]:
        return [self._score(claim, Outcome.VOID, now, ground) for claim in claims]

    def _add(self, claim: Claim) -> Claim:
        return self.book.add(claim)

    def _score(self, claim: Claim, outcome: Outcome, now: int, ground: Ground, *, happened: int = 0) -> Claim:
        return self.book.score(claim, outcome, now, ground, happened=happened)

    def _ns(self, hours: float) -> int:
        return int(hours * _SECONDS_PER_HOUR / self._scale * NS_PER_S)


def _is_other(forecast: Forecast, last: Claim) -> bool:
    """Return whether a forecast says something else than the last one on record."""
    now = Band(forecast.made, forecast.p10, forecast.p50, forecast.p90)
    return now.is_other(Band(last.made, last.p10, last.p50, last.p90))
