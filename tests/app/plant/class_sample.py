"""A plant of pumps that are instances of one equipment class."""

from __future__ import annotations

HEAD = """
[plant]
id = "pumps"
name = "Pumps"

[connection.line]
driver = "modbus"
url = "modbus://127.0.0.1:502"
"""
CLASS = """
[[equipment_class]]
id = "pump"
name = { en = "Pump", zh = "泵" }
kind = "centrifugal_pump"
parameters = ["plc", "base", "span"]
defaults = { span = 16.0 }

[[equipment_class.tag]]
name = "{id}.P"
title = { en = "{name} pressure", zh = "{name}压力" }
connection = "{plc}"
address = "HR{base}:F32"
unit = "bar"
range = [0, "{span}"]
clean = { spike = 2.0, stale_s = 5.0 }

[[equipment_class.tag]]
name = "{id}.RUN"
connection = "{plc}"
address = "HR{base + 2}:U16"
kind = "discrete"

[[equipment_class.alarm]]
id = "{id}.P.H"
tag = "{id}.P"
condition = "high"
limit = "{span * 0.9}"
suppress_when = "{id}.RUN == 0"
priority = 2
message = { en = "{name}: pressure high", zh = "{name}压力高" }

[equipment_class.alarm.sheet]
response = { en = "Open the valve of {id}" }

[[equipment_class.maintenance_definition]]
id = "{id}.oil"
title = "Oil of {name}"
every_days = 90
"""
ONE = """
[[equipment]]
id = "PU01"
name = { en = "Pump 1", zh = "一号泵" }
class = "pump"
parameters = { plc = "line", base = 100 }
"""
TWO = """
[[equipment]]
id = "PU02"
name = "Pump 2"
class = "pump"
parameters = { plc = "line", base = 200, span = 10 }

[equipment.override.tag."PU02.P"]
unit = "kPa"
clean = { spike = 3.0 }
"""
CLASSED = HEAD + CLASS + ONE + TWO


def line_of(text: str, part: str) -> int:
    """Return the line of the one place where `part` stands."""
    assert text.count(part) == 1, part
    return text.count("\n", 0, text.index(part)) + 1
