"""How each figure of an alarm system is calculated, in words, for who asks where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.model.text import LocalText

FORMULAS: Mapping[str, LocalText] = MappingProxyType(
    {
        "per_day": LocalText(
            "activations × 24 h ÷ period",
            "报警激活次数 × 24 小时 ÷ 时段",
        ),
        "per_hour": LocalText(
            "activations × 1 h ÷ period",
            "报警激活次数 × 1 小时 ÷ 时段",
        ),
        "per_period": LocalText(
            "activations × 10 min ÷ period",
            "报警激活次数 × 10 分钟 ÷ 时段",
        ),
        "peak": LocalText(
            "the most activations in any ten minutes, counted from the start of the period",
            "自时段起点按每 10 分钟计数，取最大值",
        ),
        "busy_periods": LocalText(
            "ten minutes with more than 10 activations ÷ all ten minutes of the period",
            "激活次数超过 10 的 10 分钟数 ÷ 全部 10 分钟数",
        ),
        "busy_hours": LocalText(
            "hours with more than 30 activations ÷ all hours of the period",
            "激活次数超过 30 的小时数 ÷ 全部小时数",
        ),
        "flood_share": LocalText(
            "time within floods ÷ period; a flood begins and ends by the number of activations in the last ten minutes",
            "报警泛滥时间 ÷ 时段；泛滥的开始与结束取决于最近 10 分钟的激活次数",
        ),
        "top_share": LocalText(
            "activations of the ten most frequent alarms ÷ all activations",
            "最频繁十个报警的激活次数 ÷ 全部激活次数",
        ),
        "chattering": LocalText(
            "alarms that came repeatedly within a short time (three times in a minute)",
            "短时间内反复激活的报警数（一分钟内三次）",
        ),
        "fleeting": LocalText(
            "alarms that were active for less than ten seconds at least once, without chattering",
            "至少有一次激活不足十秒且未抖动的报警数",
        ),
        "stale": LocalText(
            "the most alarms of one day that had been active for more than 24 h",
            "单日内持续激活超过 24 小时的报警数的最大值",
        ),
        "standing": LocalText(
            "mean of the alarms that are active at the beginning of each ten minutes",
            "每 10 分钟起点处活动报警数的平均值",
        ),
        "critical": LocalText(
            "activations of priority 1 ÷ activations of priority 1 to 3",
            "优先级 1 的激活次数 ÷ 优先级 1 至 3 的激活次数",
        ),
        "high": LocalText(
            "activations of priority 2 ÷ activations of priority 1 to 3",
            "优先级 2 的激活次数 ÷ 优先级 1 至 3 的激活次数",
        ),
        "medium": LocalText(
            "activations of priority 3 ÷ activations of priority 1 to 3",
            "优先级 3 的激活次数 ÷ 优先级 1 至 3 的激活次数",
        ),
        "acknowledge": LocalText(
            "median of the times from an activation to its acknowledgement",
            "从激活到确认的时间的中位数",
        ),
    }
)
"""By the keys of `app.alarm.statistics.assessment.RECOMMENDATIONS`; thresholds as in Definitions."""
