"""Health and forecasts explained: what they are calculated from, and how much may be believed of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from app.model.forecast import Contribution, Forecast, ForecastDefinition, Health
from app.model.remaining_life import LifeForecast
from widgets import number
from widgets.explain.section import Line, Section
from widgets.feed import Feed
from widgets.prediction.health_panel import health_text
from widgets.prediction.life_wording import life_band, life_number, no_number_remedy, no_number_text
from widgets.prediction.wording import evidence_text, headline
from widgets.translation import local, tr

_PER_HOUR = 3_600


def sections_of_health(feed: Feed, equipment: str, *, now: int) -> tuple[Section, ...]:
    """Return what the health of an equipment is made of; `now`: int64 ns UTC."""
    health = feed.healths.get(equipment)
    tags = [tag.name for tag in feed.plant.tags if tag.equipment == equipment and not tag.is_text]
    inputs = Section(tr("Calculated from"), tuple(_inputs(feed, tags, health.contributions if health else ())))
    if health is None:
        return (Section(tr("Health"), (Line(tr("Value"), tr("no health model"), is_wrong=True),)), inputs)
    return (Section(tr("Health"), tuple(_health(health, now))), inputs)


def sections_of_forecast(feed: Feed, key: str, *, now: int) -> tuple[Section, ...]:
    """Return what a forecast is made of; `now`: int64 ns UTC."""
    definition = next((each for each in feed.plant.forecasts if each.id == key), None)
    if definition is None:
        return ()
    forecast = feed.forecasts.get(key)
    told = headline(definition, forecast, now=now, time_scale=feed.plant.time_scale)
    lines = (Line(tr("Value"), told), *(_forecast(definition, forecast, now) if forecast is not None else ()))
    return (
        Section(tr("Forecast"), (Line(tr("Of"), local(definition.cause)), *lines)),
        Section(tr("Calculated from"), tuple(_ground(feed, definition, forecast))),
    )


def sections_of_life(feed: Feed, equipment: str, *, now: int) -> tuple[Section, ...]:
    """Return what the learned remaining life of an equipment rests on; `now`: int64 ns UTC."""
    life = feed.lives.get(equipment)
    if life is None:
        return (Section(tr("Remaining life"), (Line(tr("Value"), tr("no model"), is_wrong=True),)),)
    return (
        Section(tr("Remaining life"), tuple(_life(life, now))),
        Section(tr("Calculated from"), tuple(_life_ground(life))),
    )


def _life(life: LifeForecast, now: int) -> Iterator[Line]:
    yield Line(tr("Value"), life_number(life) or no_number_text(life), is_wrong=not life_number(life))
    if band := life_band(life):
        yield Line(tr("Band"), band)
    if life.p50:
        edges = " … ".join(number.moment(each, now=now) if each else "…" for each in (life.p10, life.p90))
        yield Line(tr("At the present rate"), f"{number.moment(life.p50, now=now)}  ({edges})")
    if remedy := no_number_remedy(life):
        yield Line(tr("Remedy"), remedy)
    yield Line(tr("Made"), number.moment(life.made, now=now))
    yield Line(tr("Evidence"), evidence_text(life.evidence))


def _life_ground(life: LifeForecast) -> Iterator[Line]:
    yield Line(tr("Learned model"), life.version or number.NO_VALUE)
    yield Line(tr("Class"), life.machine_class or number.NO_VALUE)
    yield Line(tr("Recorded failures"), tr("{n}, needed {needed}", n=life.failures, needed=life.needed))
    yield Line(tr("Ran so far"), tr("{n} h", n=number.number(life.ran_h, decimals=0)))
    yield Line(tr("Runs lately"), tr("{share} % of the time", share=f"{100 * life.rate:.0f}"))


def _health(health: Health, now: int) -> Iterator[Line]:
    yield Line(tr("Value"), number.number(health.health, decimals=0) + " / 100")
    yield Line(tr("State"), health_text(health.state))
    yield Line(tr("Made"), number.moment(health.made, now=now))
    if not math.isnan(health.score):
        told = tr("{n} times the limit of its healthy past", n=f"{health.score:.2f}")
        yield Line(tr("Distance"), told, is_wrong=health.score > 1)
    if health.progress < 1:
        yield Line(tr("Learning"), f"{100 * health.progress:.0f} %")


def _inputs(feed: Feed, names: Sequence[str], contributions: Sequence[Contribution]) -> Iterator[Line]:
    """The tags that move it most come first, each with its part and its departure."""
    told = {each.tag: each for each in contributions}
    for name in sorted(names, key=lambda name: -told[name].share if name in told else 1.0):
        tag, part = feed.tags[name], told.get(name)
        change = ""
        if part is not None:
            sign = "+" if part.change > 0 else ""
            change = f"{100 * part.share:.0f} %, {sign}{number.with_unit(part.change, tag=tag)}"
        yield Line(f"{name}  {local(tag.title)}", change or tr("no notable part"))


def _forecast(definition: ForecastDefinition, forecast: Forecast, now: int) -> Iterator[Line]:
    yield Line(tr("Made"), number.moment(forecast.made, now=now))
    if forecast.p50:
        band = " … ".join(number.moment(each, now=now) if each else "…" for each in (forecast.p10, forecast.p90))
        yield Line(tr("Reaches its limit"), f"{number.moment(forecast.p50, now=now)}  ({band})")
    if not math.isnan(forecast.coverage):
        told = tr("{share} % of its earlier bands held", share=f"{100 * forecast.coverage:.0f}")
        yield Line(tr("Proved"), told)
    yield Line(tr("Evidence"), evidence_text(forecast.evidence))
    yield Line(tr("Limit"), f"{definition.limit:g}")


def _ground(feed: Feed, definition: ForecastDefinition, forecast: Forecast | None) -> Iterator[Line]:
    tag = feed.tags.get(definition.tag)
    title = f"{definition.tag}  {local(tag.title)}" if tag is not None else definition.tag
    yield Line(tr("Tag"), title)
    yield Line(tr("Looks back"), tr("{n} h of the plant's time", n=f"{definition.window_h:g}"))
    yield Line(tr("Looks ahead"), tr("{n} h of the plant's time", n=f"{definition.horizon_h:g}"))
    if forecast is not None and forecast.points:
        yield Line(tr("Samples behind it"), number.count(forecast.points))
    if forecast is not None and not math.isnan(forecast.level):
        yield Line(tr("Level reached"), f"{forecast.level:.5g}")
        yield Line(tr("Slope per hour"), f"{forecast.slope * _PER_HOUR:.3g}")
