"""What the words of a plant file for the types of values mean."""

from __future__ import annotations

from app.model.exact import DataType
from app.plant.word import ValueType

DATA_TYPES = {
    ValueType.FLOAT64: DataType.FLOAT64,
    ValueType.INT64: DataType.INT64,
    ValueType.BOOL: DataType.BOOLEAN,
    ValueType.TEXT: DataType.STRING,
}
TYPE_WORDS = {data_type: str(word) for word, data_type in DATA_TYPES.items()}
