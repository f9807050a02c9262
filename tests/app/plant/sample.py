"""A small plant file that uses every key, for the tests."""

from pathlib import Path

from app.plant.file import examine_plant

SAMPLE = """\
# A plant of two machines.
[plant]
id = "huangdao"
name = { en = "Huangdao Heat-Treat", zh = "黄岛热处理线" }
time_scale = 60.0

[history]
raw_days = 30
minute_days = 365
hour_days = 3650.5

[[equipment]]
id = "air"
level = "area"
name = "Compressed air"

[[equipment]]
id = "AC01"
parent = "air"
level = "work_unit"
kind = "screw_compressor"
name = { en = "Compressor AC01", zh = "空压机 AC01" }

[connection.utilities]
driver = "modbus"
url = "modbus://127.0.0.1:15020?unit=1"
order = "ABCD"

[connection."line 2"]
driver = "opcua"
url = "opc.tcp://127.0.0.1:4840"

[[tag]]
name = "AC01.T_D"
equipment = "AC01"
title = { en = "Discharge temperature", zh = "排气温度" }
connection = "utilities"
address = "HR100:F32"
unit = "Cel"
range = [0, 150]
normal = [
  70,  # at idle
  90,
]
decimals = 1
scan_ms = 500
kind = "analog"
gain = 0.1
offset = -2.5
clean = { spike = 20.0, stuck_s = 60.0, stale_s = 5.0 }
keep_days = 7

[[tag]]
name = "AC01.E"
equipment = "AC01"
connection = "line 2"
address = "nsu=urn:foreshift:demo;s=AC01.E"
kind = "counter"
width_bits = 32

[[alarm]]
id = "AC01.T_D.H"
tag = "AC01.T_D"
condition = "high"
limit = 100.0
deadband = 1.0
on_delay_s = 1.0
off_delay_s = 2.0
priority = 2
message = { en = "Discharge temperature high", zh = "排气温度高" }

[[alarm]]
id = "AC01.T_D.DEV"
tag = "AC01.T_D"
condition = "deviation"
setpoint = 80
limit = 15
priority = 3
message = "Discharge temperature off its setpoint"

[[forecast]]
id = "AC01.cooler"
equipment = "AC01"
tag = "AC01.T_D"
limit = 110.0
direction = "high"
window_h = 8.0
horizon_h = 240.0
cause = { en = "Oil cooler fouling", zh = "油冷却器结垢" }
action = { en = "Clean the oil cooler", zh = "清洗油冷却器" }

[[picture]]
id = "utilities"
title = { en = "Compressed air", zh = "空压站" }
equipment = "air"
size = [1000, 620]
sparklines = ["AC01.T_D"]

[[picture.symbol]]
kind = "compressor"
at = [200, 150]
size = [90, 90]
equipment = "AC01"
value = "AC01.T_D"
label = "AC01"

[[picture.pipe]]
points = [[0, 150], [155, 150]]
medium = "air"
arrow = true

[[picture.readout]]
tag = "AC01.T_D"
at = [800, 90]
label = { en = "Discharge", zh = "排气" }
"""

WRITABLE = (
    SAMPLE.replace("time_scale = 60.0\n", "time_scale = 60.0\nread_only = false\n")
    + """
[[tag]]
name = "AC01.P_SP"
equipment = "AC01"
connection = "utilities"
address = "HR200:F32"
range = [0, 16]
decimals = 2
write = { range = [5.5, 7.0], step = 0.05, confirm = { en = "Tell the furnace", zh = "通知炉区" }, interlocks = [
  "AC01.T_D < 105",
  "AC01.T_D >= -1.5e1",
], state = { tag = "AC01.E", allowed = [1, 2.0] }, role = "engineer", tolerance = 0.01, expiry_s = 4.0 }
"""
)
"""The same plant with a tag that may be written."""


def line_of(text: str, part: str) -> int:
    """Return the number of the one line that contains `part`."""
    (number,) = (number for number, line in enumerate(text.splitlines(), start=1) if part in line)
    return number


def replaced(old: str, new: str) -> str:
    """Return the sample with one passage replaced."""
    assert SAMPLE.count(old) == 1, old
    return SAMPLE.replace(old, new)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "plant.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems_of(folder: Path, text: str | bytes) -> list[str]:
    """Return the messages about a file, warnings included."""
    return [problem.at("plant.toml") for problem in examine_plant(write(folder, text)).problems]


def only_problem(folder: Path, text: str | bytes) -> str:
    (problem,) = problems_of(folder, text)
    return problem
