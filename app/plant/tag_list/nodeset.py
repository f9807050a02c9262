"""NodeSet2 XML (OPC 10000-6, annex F): the address space of an OPC UA server, before the server is there.

The variables that stand below objects become tags, with type, range (EURange) and unit (EngineeringUnits); those of
type definitions and the properties do not. No entity is ever expanded: a file with a DOCTYPE is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from app.plant.problem import Problem
from app.plant.tag_list.entry import TagEntry, TagList, TagListError, Untranslatable
from drivers.opcua.unit import ucum

DEEPEST = 200
MOST_NODES = 300_000
_UA = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd"
_NUMBERS = {1: "bool", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "", 8: "int64", 9: "int64", 10: "", 11: "", 12: "text",
            13: "text", 14: "text", 21: "text", 26: "", 27: "", 28: "", 290: "", 294: "text", 295: "text"}  # fmt: skip
_BUILT_IN = {"Boolean": 1, "SByte": 2, "Byte": 3, "Int16": 4, "UInt16": 5, "Int32": 6, "UInt32": 7, "Int64": 8,
             "UInt64": 9, "Float": 10, "Double": 11, "String": 12, "DateTime": 13, "Guid": 14, "LocalizedText": 21,
             "Number": 26, "Integer": 27, "UInteger": 28, "Duration": 290, "UtcTime": 294, "LocaleId": 295}  # fmt: skip
_ENUMERATION = "i=29"
_PROPERTY = "i=46"
_PARENTS = {"i=33", "i=35", "i=47", "i=46", "i=49", "i=44", "i=36", "i=48"}
_NAMES = {"HasProperty": "i=46", "HasComponent": "i=47", "Organizes": "i=35", "HasOrderedComponent": "i=49",
          "HasSubtype": "i=45"}  # fmt: skip
_SUBTYPE = "i=45"
_TYPES = {"UAObjectType", "UAVariableType", "UADataType", "UAReferenceType", "UAMethod"}
_NODES = _TYPES | {"UAObject", "UAVariable", "UAView"}


@dataclass(slots=True)
class _Node:
    """A node of the file; `parents`: (reference type, node) that point at it, whichever side says so."""

    line: int
    kind: str
    node_id: str
    name: str
    data_type: str = ""
    rank: int = -1
    access: int = 1
    parent: str = ""
    parents: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    description: str = ""
    texts: dict[str, str] = field(default_factory=dict)


def read_nodeset(path: Path, content: bytes) -> TagList:
    """Return the tags of a NodeSet2; raise TagListError for XML that is none, is nested too deeply or has a DOCTYPE."""
    parsed = _Parsed(path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parsed.refuse_doctype
    parser.StartElementHandler = lambda name, attributes: parsed.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = parsed.end
    parser.CharacterDataHandler = parsed.text
    parser.buffer_text = True
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the library's own signature
    except expat.ExpatError as error:
        message = expat.errors.messages[error.code] if error.code in expat.errors.messages else str(error)
        raise TagListError(path, f"this is no XML ({message}): fetch the file anew", line=error.lineno) from error
    if not parsed.is_nodeset:
        raise TagListError(path, f"this XML is no NodeSet2: its root must be UANodeSet of {_UA}")
    return _list(path, parsed)


class _Parsed:
    """Takes in the elements of the file as they come."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_nodeset = False
        self.uris: list[str] = []
        self.aliases = dict(_NAMES)
        self.nodes: dict[str, _Node] = {}
        self._stack: list[str] = []
        self._node: _Node | None = None
        self._alias = ""
        self._reference = ("", True)
        self._said: list[str] = []

    def refuse_doctype(self, *_declaration: object) -> None:
        raise TagListError(self.path, "it has a DOCTYPE, which no NodeSet2 needs and which can hide harm: take it out")

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        namespace, _, tag = name.rpartition(" ")
        self._stack.append(tag)
        self._said = []
        if len(self._stack) > DEEPEST:
            raise TagListError(self.path, f"elements are nested more than {DEEPEST} deep", line=line)
        if len(self._stack) == 1:
            self.is_nodeset = tag == "UANodeSet" and namespace == _UA
            if not self.is_nodeset:
                return
        if len(self._stack) == 2 and tag in _NODES and self.is_nodeset:
            self._begin(tag, attributes, line)
        elif tag == "Alias":
            self._alias = attributes.get("Alias", "")
        elif tag == "Reference":
            self._reference = (attributes.get("ReferenceType", ""), attributes.get("IsForward", "true") != "false")

    def _begin(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if len(self.nodes) >= MOST_NODES:
            raise TagListError(self.path, f"more than {MOST_NODES:,} nodes: take a part of them", line=line)
        self._node = node = _Node(
            line=line,
            kind=tag,
            node_id=attributes.get("NodeId", "").strip(),
            name=attributes.get("BrowseName", "").rpartition(":")[2].strip(),
            data_type=attributes.get("DataType", "i=24").strip(),
            rank=_whole(attributes.get("ValueRank"), -1),
            access=_whole(attributes.get("UserAccessLevel", attributes.get("AccessLevel")), 1),
            parent=attributes.get("ParentNodeId", "").strip(),
        )
        self.nodes[node.node_id] = node

    def text(self, content: str) -> None:
        self._said.append(content)

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        said = "".join(self._said).strip()
        self._said = []
        depth = len(self._stack)
        self._stack.pop()
        if tag == "Uri" and depth == 3 and self._stack[-1] == "NamespaceUris":
            self.uris.append(said)
        elif tag == "Alias":
            self.aliases[self._alias] = said
        elif depth == 2:
            self._node = None
        elif (node := self._node) is not None:
            self._detail(node, tag, said, depth)

    def _detail(self, node: _Node, tag: str, said: str, depth: int) -> None:
        if tag == "Reference":
            kind, is_forward = self._reference
            kind = self.aliases.get(kind, kind)
            # a forward reference is kept under what it points at, which may stand further on in the file
            node.parents.append((f">{kind}" if is_forward else kind, said))
        elif depth == 3 and tag == "DisplayName" and not node.title:
            node.title = said
        elif depth == 3 and tag == "Description" and not node.description:
            node.description = said
        elif "Value" in self._stack and tag in {"Low", "High", "UnitId"}:
            node.texts[tag] = said
        elif "Value" in self._stack and tag == "Text" and "DisplayName" in self._stack:
            node.texts["Unit"] = said


def _list(path: Path, parsed: _Parsed) -> TagList:
    nodes = parsed.nodes
    parents = dict(_parents(parsed))
    properties: dict[str, dict[str, _Node]] = {}
    for identifier, (kind, parent) in parents.items():
        if kind == _PROPERTY and identifier in nodes:
            properties.setdefault(parent, {})[nodes[identifier].name] = nodes[identifier]
    entries, problems = [], []
    for identifier, node in nodes.items():
        if node.kind != "UAVariable" or parents.get(identifier, ("", ""))[0] == _PROPERTY:
            continue
        chain = _chain(identifier, nodes, parents)
        if any(each.kind in _TYPES for each in chain):
            continue
        try:
            entries.append(_entry(node, chain, properties.get(identifier, {}), parsed))
        except Untranslatable as reason:
            problems.append(Problem(node.line, f"{node.name}: {reason}"))
    if not entries and not problems:
        raise TagListError(
            path, "it holds no variables below objects, only types: take the nodeset of the machine itself"
        )
    notes = ("NodeIds hold the URI of their namespace, so that they fit whatever index the server gives it",)
    return TagList("NodeSet2 XML", tuple(entries), tuple(problems), notes)


def _parents(parsed: _Parsed) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each node's (reference type, parent); what is said first, by itself or by the parent, is kept by `dict`."""
    for identifier, node in parsed.nodes.items():
        for kind, other in node.parents:
            if kind.startswith(">") and kind[1:] in _PARENTS:
                yield other, (kind[1:], identifier)
    for identifier, node in parsed.nodes.items():
        own = [(kind, other) for kind, other in node.parents if kind in _PARENTS]
        if own:
            yield identifier, own[0]
        elif node.parent and not any(kind == _SUBTYPE for kind, _ in node.parents):
            yield identifier, ("i=47", node.parent)


def _chain(identifier: str, nodes: dict[str, _Node], parents: dict[str, tuple[str, str]]) -> list[_Node]:
    """Return a node and those above it in the file, the topmost first; a ring of references ends it."""
    found: dict[str, _Node] = {}
    while identifier in nodes and identifier not in found:
        found[identifier] = nodes[identifier]
        identifier = parents.get(identifier, ("", ""))[1]
    return list(found.values())[::-1]


def _entry(node: _Node, chain: list[_Node], properties: dict[str, _Node], parsed: _Parsed) -> TagEntry:
    if node.rank >= 0:
        raise Untranslatable("it is an array, of which a tag has one value")
    if not node.access & 1:
        raise Untranslatable("it may not be read (AccessLevel)")
    value_type = _value_type(node.data_type, parsed)
    keys: dict[str, object] = {"address": _address(node.node_id, parsed)}
    if value_type:
        keys["type"] = value_type
    low, high = (_number(properties.get("EURange"), end) for end in ("Low", "High"))
    if value_type != "text":
        if low is not None and high is not None and low < high:
            keys["range"] = [low, high]
        unit = properties.get("EngineeringUnits")
        if unit is not None and (code := ucum(_whole(unit.texts.get("UnitId"), -1), unit.texts.get("Unit", ""))):
            keys["unit"] = code
    if title := node.description or node.title:
        keys["title"] = title
    name = ".".join(each.name for each in chain if each.name)
    if not name:
        raise Untranslatable("it has no BrowseName")
    return TagEntry(node.line, name, keys, driver="opcua")


def _value_type(data_type: str, parsed: _Parsed) -> str:
    """Return the key `type` for a data type, "" for float64; raise Untranslatable for a structure or an unknown one."""
    name, seen = data_type, set[str]()
    while name not in seen:
        seen.add(name)
        name = parsed.aliases.get(name, name)
        number = _BUILT_IN.get(name, _whole(name[2:], -1) if name.startswith("i=") else -1)
        if number in _NUMBERS:
            return _NUMBERS[number]
        if name == _ENUMERATION:
            return ""
        node = parsed.nodes.get(name)
        if node is None:
            break
        name = next((other for kind, other in node.parents if kind == _SUBTYPE), name)
    raise Untranslatable(
        f"its data type {data_type} is a structure, or stands in another nodeset: browse the server once it runs"
    )


def _address(node_id: str, parsed: _Parsed) -> str:
    prefix, separator, rest = node_id.partition(";")
    if not separator:
        return node_id
    index = _whole(prefix.removeprefix("ns="), -1)
    if index == 0:
        return rest
    if not 1 <= index <= len(parsed.uris):
        raise Untranslatable(f"its NodeId {node_id} names a namespace that the file does not list (NamespaceUris)")
    return f"nsu={parsed.uris[index - 1]};{rest}"


def _number(node: _Node | None, key: str) -> float | None:
    try:
        return None if node is None else float(node.texts[key])
    except (KeyError, ValueError):
        return None


def _whole(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default
