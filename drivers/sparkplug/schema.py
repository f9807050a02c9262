"""The message types of Sparkplug B 3.0 (section 6.4.1, protocol buffers), made at run time.

Only the fields that are read or written here are declared; the others (templates, data sets, metadata) are kept by
protobuf as unknown ones.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "org.eclipse.tahu.protobuf"
_FIELD = descriptor_pb2.FieldDescriptorProto
_KINDS = {
    "uint32": _FIELD.TYPE_UINT32,
    "uint64": _FIELD.TYPE_UINT64,
    "float": _FIELD.TYPE_FLOAT,
    "double": _FIELD.TYPE_DOUBLE,
    "bool": _FIELD.TYPE_BOOL,
    "string": _FIELD.TYPE_STRING,
    "bytes": _FIELD.TYPE_BYTES,
}
# name, number, kind; a kind in brackets is repeated, one after "|" is part of the choice `value`.
_MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "PropertyValue": (
        ("type", 1, "uint32"),
        ("is_null", 2, "bool"),
        ("int_value", 3, "|uint32"),
        ("long_value", 4, "|uint64"),
        ("float_value", 5, "|float"),
        ("double_value", 6, "|double"),
        ("boolean_value", 7, "|bool"),
        ("string_value", 8, "|string"),
    ),
    "PropertySet": (("keys", 1, "[string]"), ("values", 2, "[PropertyValue]")),
    "Metric": (
        ("name", 1, "string"),
        ("alias", 2, "uint64"),
        ("timestamp", 3, "uint64"),
        ("datatype", 4, "uint32"),
        ("is_historical", 5, "bool"),
        ("is_transient", 6, "bool"),
        ("is_null", 7, "bool"),
        ("properties", 9, "PropertySet"),
        ("int_value", 10, "|uint32"),
        ("long_value", 11, "|uint64"),
        ("float_value", 12, "|float"),
        ("double_value", 13, "|double"),
        ("boolean_value", 14, "|bool"),
        ("string_value", 15, "|string"),
        ("bytes_value", 16, "|bytes"),
    ),
    "Payload": (("timestamp", 1, "uint64"), ("metrics", 2, "[Metric]"), ("seq", 3, "uint64")),
}


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package=_PACKAGE, syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if any(kind.startswith("|") for _, _, kind in fields):
            message.oneof_decl.add(name="value")
        for field_name, number, kind in fields:
            field = message.field.add(name=field_name, number=number)
            field.label = _FIELD.LABEL_REPEATED if kind.startswith("[") else _FIELD.LABEL_OPTIONAL
            bare = kind.strip("[]|")
            if bare in _KINDS:
                field.type = _KINDS[bare]
            else:
                field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{bare}"
            if kind.startswith("|"):
                field.oneof_index = 0
    return file


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_file())
Payload: Any = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.Payload"))
