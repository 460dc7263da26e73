"""How large a blank becomes when it is filled in, known before a single mark is filled."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import nodes

#: Characters of the document's XML: a hundred full pages have about two millions.
MAX_FILLED = 8_000_000

Rows = Sequence[Mapping[str, str]]


def filled_size(tree: nodes.Node, values: Mapping[str, Any]) -> int:
    """Characters at the most; what a condition may leave out is counted."""
    return _size(tree, values, "", ({},))


def _size(node: nodes.Node, values: Mapping[str, Any], line: str, rows: Rows) -> int:
    """``line``: what a line of the running list is called, ``rows``: its lines; outside of lists there is one."""
    if isinstance(node, nodes.For):
        found = values.get(node.iter.name, ()) if isinstance(node.iter, nodes.Name) else ()
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        return sum(_size(child, values, name, found) for child in node.body) + sum(
            _size(child, values, line, rows) for child in node.else_
        )
    if isinstance(node, nodes.If):
        children = [*node.body, *node.elif_, *node.else_]
        return sum(_size(child, values, line, rows) for child in children)
    if isinstance(node, nodes.TemplateData):
        return len(node.data) * len(rows)
    if isinstance(node, nodes.Name):
        value = values.get(node.name, "")
        return len(rows) * (len(value) if isinstance(value, str) else 0)
    if isinstance(node, nodes.Getattr):
        named = isinstance(node.node, nodes.Name) and node.node.name == line
        return sum(len(row.get(node.attr, "")) for row in rows) if named else 8 * len(rows)
    return sum(_size(child, values, line, rows) for child in node.iter_child_nodes())
