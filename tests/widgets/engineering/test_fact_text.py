"""What a device says of itself stands in the language of the window; what has no word of ours stays as it is."""

from __future__ import annotations

import pytest

from drivers.probe import NOTHING, Fact, Section
from widgets.engineering.fact_text import facts_text
from widgets.translation import Language, set_language

SERVER = Section(
    "Server",
    "opc.tcp://plc:4840",
    (
        Fact("endpoint", "Basic256Sha256/Sign at opc.tcp://plc:4840/"),
        Fact("endpoint", "None at opc.tcp://10.0.0.9:4840"),
        Fact("login", "anonymous, user and password"),
        Fact("certificate", "0A" * 32),
        Fact("state", "Running"),
        Fact("firmware mood", "sunny"),
    ),
)
UNIT = Section(
    "Unit 5", "modbus://plc?unit=5", (Fact("HR", "HR0-9"), Fact("HR word order", "CDAB, if floats begin at HR0"))
)
EMPTY = Section("Unit 6", "modbus://plc?unit=6", (Fact("HR", NOTHING),))


WORDS: dict[Language, list[str]] = {
    "en": [
        "Server",
        "Signed, not encrypted (Basic256Sha256)",
        "Not protected",
        "State: running",
        "Nobody (anonymous), User and password",
        "Unit 5",
        "Holding registers: byte order: CDAB where floats begin at HR0",
    ],
    "zh": [
        "服务器",
        "已签名，未加密",
        "无保护",
        "状态: 运行中",
        "匿名",
        "站号 5",
        "保持寄存器：字节序: CDAB（浮点数从 HR0 开始）",
    ],
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_that_facts_are_told_in_the_language_of_the_window(language: Language) -> None:
    set_language(language)
    told = facts_text([SERVER, UNIT, EMPTY])
    plain = told.replace("\u200b", "")
    assert [word for word in WORDS[language] if word not in plain] == []
    assert "firmware mood: sunny" in plain
    assert "0A0A 0A0A" in plain
    assert "opc.tcp://10.0.0.9:4840" in plain
    assert "opc.tcp://plc" not in plain
    assert "6" not in plain.splitlines()[-2]
