"""The nameplates of the demo plant's equipment, by its id."""

from __future__ import annotations

from app.model.maintenance import Nameplate

NAMEPLATES: dict[str, Nameplate] = {
    "AC01": Nameplate(
        maker="Kaishan",
        model="LG-90",
        serial="KS-2019-04417",
        rating="90 kW, 8 bar, 13 m³/min",
        commissioned="2019-05-02",
        overhauled="2024-10-18",
        meter="AC01.H_RUN",
        spares=(
            "LG90-AF",
            "LG90-OF",
            "LG90-SEP",
            "CO-46",
        ),
    ),
    "AC02": Nameplate(
        maker="Kaishan",
        model="LG-90",
        serial="KS-2019-04418",
        rating="90 kW, 8 bar, 13 m³/min",
        commissioned="2019-05-02",
        overhauled="2025-03-07",
        meter="AC02.H_RUN",
        spares=(
            "LG90-AF",
            "LG90-OF",
            "LG90-SEP",
            "CO-46",
        ),
    ),
    "DR01": Nameplate(
        maker="Hanshan",
        model="SLAD-15NF",
        serial="15NF-8821",
        rating="15 m³/min",
        commissioned="2019-05-02",
        meter="DR01.RUN",
        spares=("DRAIN-20",),
    ),
    "PU01": Nameplate(
        maker="Kaiquan",
        model="KQL100/160-11",
        serial="KQ100-0771",
        rating="11 kW, 90 m³/h, 32 m",
        commissioned="2018-11-20",
        overhauled="2025-01-22",
        meter="PU01.H_RUN",
        spares=(
            "6313-C3",
            "MS-55",
            "STR-150",
        ),
    ),
    "PU02": Nameplate(
        maker="Kaiquan",
        model="KQL100/160-11",
        serial="KQ100-0772",
        rating="11 kW, 90 m³/h, 32 m",
        commissioned="2018-11-20",
        meter="PU02.H_RUN",
        spares=(
            "6313-C3",
            "MS-55",
            "STR-150",
        ),
    ),
    "CT01": Nameplate(
        maker="Liangchi",
        model="LBC-100",
        serial="LC100-3310",
        rating="100 m³/h",
        commissioned="2018-11-20",
        spares=("B-1750",),
    ),
    "SQ01": Nameplate(
        maker="Fengdong",
        model="UBE-1000",
        serial="UBE-0326",
        rating="950 °C, 1000 kg",
        commissioned="2020-08-14",
        spares=("TC-K-600",),
    ),
    "OT01": Nameplate(
        maker="Fengdong",
        model="OT-8",
        serial="OT8-0326",
        rating="8 m³",
        commissioned="2020-08-14",
        spares=("OIL-F-25",),
    ),
    "TR01": Nameplate(
        maker="Sunten", model="S11-630", serial="ST-62044", rating="630 kVA, 10/0.4 kV", commissioned="2018-09-01"
    ),
}
