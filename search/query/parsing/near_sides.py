"""The two sides of NEAR: each is a word or a quotation, or a choice of them."""

from collections.abc import Sequence
from typing import Literal

from search.query.parsing.tree import Field, NearNode, Node, OrNode, Quoted, Word

Scoped = tuple[Word | Quoted, Literal["title", "text"] | None]
"""A side, and the field that it is limited to."""


def near_nodes(left: Node, right: Node, gap: int) -> Sequence[NearNode] | None:
    """A node for each choice of a word on the left and one on the right; None where a side is
    something else, or both are limited to different fields."""
    lefts, rights = _sides(left), _sides(right)
    if not lefts or not rights:
        return None
    nodes = []
    for one, scope in lefts:
        for other, other_scope in rights:
            if scope and other_scope and scope != other_scope:
                return None
            nodes.append(NearNode(one, other, gap, scope or other_scope))
    return nodes


def _sides(node: Node) -> list[Scoped] | None:
    children = node.children if isinstance(node, OrNode) else (node,)
    sides = [_side(child) for child in children]
    found = [side for side in sides if side]
    return found if len(found) == len(sides) else None


def _side(node: Node) -> Scoped | None:
    match node:
        case Word() | Quoted():
            return node, None
        case Field("title", Word() | Quoted() as value):
            return value, "title"
        case Field("text", Word() | Quoted() as value):
            return value, "text"
        case _:
            return None
