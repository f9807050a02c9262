"""The words of a report in both languages, by what stands in the plant's file."""

from __future__ import annotations

from app.model.alarm import AlarmState
from app.model.audit import AuditAction
from app.model.case import Verdict
from app.model.score import Outcome
from app.model.shift import PeriodKind
from app.model.text import LocalText
from app.model.work_order import WorkState

TITLES = {
    PeriodKind.SHIFT: LocalText("Shift report", "班次报告"),
    PeriodKind.DAY: LocalText("Daily report", "日报"),
    PeriodKind.WEEK: LocalText("Weekly report", "周报"),
    PeriodKind.MONTH: LocalText("Monthly report", "月报"),
}
ALARM_STATES = {
    AlarmState.NORMAL: LocalText("normal", "正常"),
    AlarmState.UNACKNOWLEDGED: LocalText("active, not acknowledged", "活动，未确认"),
    AlarmState.ACKNOWLEDGED: LocalText("active, acknowledged", "活动，已确认"),
    AlarmState.RETURNED: LocalText("gone, not acknowledged", "已恢复，未确认"),
    AlarmState.LATCHED: LocalText("gone, to be reset", "已恢复，待复位"),
    AlarmState.SHELVED: LocalText("shelved", "已搁置"),
    AlarmState.SUPPRESSED: LocalText("suppressed", "已抑制"),
    AlarmState.OUT_OF_SERVICE: LocalText("out of service", "已停用"),
}
ACTIONS = {
    AuditAction.WRITE_RESULT: LocalText("written", "写入"),
    AuditAction.WRITE_REFUSED: LocalText("write refused", "写入被拒绝"),
    AuditAction.METHOD_RESULT: LocalText("called", "调用"),
    AuditAction.METHOD_REFUSED: LocalText("call refused", "调用被拒绝"),
    AuditAction.CONFIGURATION_CHANGED: LocalText("configuration changed", "组态已更改"),
}
ACTORS = {
    "": LocalText("the station", "站点"),
    "station": LocalText("the station", "站点"),
    "collector": LocalText("the collector", "采集程序"),
}
OUTCOMES = {
    "done": LocalText("done", "完成"),
    "first": LocalText("found at the first start", "首次启动时发现"),
    "changed": LocalText("changed", "已更改"),
    "refused": LocalText("refused", "被拒绝"),
    "failed": LocalText("failed", "失败"),
    "unknown": LocalText("not known", "未知"),
    "expired": LocalText("expired", "已过期"),
    "cancelled": LocalText("cancelled", "已取消"),
}
VERDICTS = {
    Verdict.CONFIRMED: LocalText("confirmed", "确认"),
    Verdict.FALSE: LocalText("false", "误报"),
    Verdict.EXPECTED: LocalText("expected", "预期"),
}
CLAIM_OUTCOMES = {
    Outcome.WAITING: LocalText("waited for", "等待中"),
    Outcome.HIT: LocalText("came within the band", "在预测区间内发生"),
    Outcome.EARLY: LocalText("came earlier", "提前发生"),
    Outcome.LATE: LocalText("came later", "延后发生"),
    Outcome.FALSE: LocalText("did not come", "未发生"),
    Outcome.MISSED: LocalText("came unforetold", "未预测到"),
    Outcome.VOID: LocalText("cannot be known", "无法判定"),
}
WORK_STATES = {
    WorkState.REQUESTED: LocalText("requested", "已申请"),
    WorkState.PLANNED: LocalText("planned", "已计划"),
    WorkState.RELEASED: LocalText("released", "已下达"),
    WorkState.IN_WORK: LocalText("in work", "进行中"),
    WorkState.DONE: LocalText("done, to be confirmed", "已完成，待确认"),
    WorkState.FIXED: LocalText("fixed", "已修复"),
    WorkState.NOT_FIXED: LocalText("not fixed", "未修复"),
    WorkState.CANCELLED: LocalText("cancelled", "已取消"),
}
GAP_REASONS = {
    "not begun": LocalText("nothing was stored yet", "尚无存储数据"),
    "nothing since": LocalText("nothing has been stored since", "此后未存储数据"),
    "not collecting": LocalText("the station did not collect", "站点未采集"),
    "overload": LocalText("more came than could be stored", "数据过多，无法全部存储"),
    "clock step": LocalText("the clock was set", "时钟被调整"),
    "damaged commit": LocalText("the file was damaged", "文件损坏"),
    "damaged chunk": LocalText("the file was damaged", "文件损坏"),
}
KINDS = {"forecast": LocalText("forecast", "预测"), "health": LocalText("health alert", "健康报警")}
