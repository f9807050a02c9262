"""A value that is no number cannot be usable: not-a-number and infinity mean that the sensor failed."""

from __future__ import annotations

import numpy as np

from app.model import status
from app.model.block import ValueArray
from app.model.status import StatusArray


def check_number(value: ValueArray, codes: StatusArray) -> StatusArray:
    """Return `codes` with BadSensorFailure where a good or uncertain value is NaN or infinite; bad ones stay."""
    failed = ~np.isfinite(value) & status.usable_mask(codes)
    return np.where(failed, np.uint32(status.BAD_SENSOR_FAILURE), codes)
