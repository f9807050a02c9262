"""How the numbers of a report are calculated, in words, for who asks where one comes from."""

from __future__ import annotations

from app.model.text import LocalText

RAN = LocalText("time in which the tag says that it runs", "位号表示运行的时间")
SHARE_RUNNING = LocalText("time running ÷ time in which that is known", "运行时间 ÷ 状态已知的时间")
STARTS = LocalText("changes from standing to running", "由停转运的次数")
NOT_KNOWN = LocalText("time without a good sample", "无有效样本的时间")
METERED = LocalText("reading of its meter at the end − at the beginning", "结束时计时器读数 − 开始时读数")
LASTED = LocalText("time in which the tag had this value", "位号处于该值的时间")
ENTRIES = LocalText("how often it came into this state", "进入该状态的次数")
MINIMUM = LocalText("least good value, also of that which held at the beginning", "有效值的最小值，含时段开始时的值")
MEAN = LocalText("Σ value × time it held ÷ Σ time, good values alone", "Σ 值 × 持续时间 ÷ Σ 时间，仅计有效值")
MAXIMUM = LocalText("greatest good value, also of that which held at the beginning", "有效值的最大值，含时段开始时的值")
LIMITS = LocalText(
    "its alarm limits, else its normal range, of the plant file",
    "工厂文件中的报警限值，否则为正常范围",
)
BELOW = LocalText("time below the lower limit", "低于下限的时间")
ABOVE = LocalText("time above the upper limit", "高于上限的时间")
GOOD = LocalText("time with a good value ÷ whole time", "有有效值的时间 ÷ 全部时间")
TOTAL = LocalText(
    "sum of the increases of the counter, also over its turning round; from power: Σ power × time",
    "计数器增量之和（含回零）；由功率计算：Σ 功率 × 时间",
)
ACTIVATIONS = LocalText(
    "how many alarms came before the operator; hidden ones do not count",
    "操作员面前出现的报警数；被隐藏的不计",
)
RATE = LocalText("activations × 10 min ÷ period", "激活次数 × 10 分钟 ÷ 时段")
PEAK = LocalText("the most activations in any ten minutes", "任意 10 分钟内激活次数的最大值")
IN_FLOOD = LocalText("time within floods ÷ period", "泛滥时间 ÷ 时段")
ANSWERED = LocalText("median of the times from an activation to its acknowledgement", "从激活到确认的时间的中位数")
CAME = LocalText("how often it came", "激活次数")
SHARE_OF_ALARMS = LocalText("its activations ÷ those of all alarms", "其激活次数 ÷ 全部激活次数")
ACTIVE = LocalText("for how long it was active", "处于活动状态的时间")
SUMMED = LocalText("summed up from the sections below", "由下列各节汇总")
LOST = LocalText("counted where they were lost", "在丢失处计数")
