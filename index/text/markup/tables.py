"""Puts into cells what stands between the cells of a table.

HTML moves it to before the table, html5lib loses some of it, and both drop the tags of cells
outside of tables: the text of a page would be another, with other blocks.
"""

_PARTS = frozenset("caption col colgroup tbody td tfoot th thead tr".split())
_CELLS = frozenset({"caption", "td", "th"})


class Cells:
    """Follows the tags of a page in order."""

    def __init__(self) -> None:
        self._in_cell: list[bool] = []
        """For each open table, from the outermost: whether a cell of it is open."""

    def before_text(self) -> str:
        """What to write before a text that is not only white space."""
        return self._open_cell()

    def tag(self, name: str, is_end: bool, written: str) -> str:
        """What to write for a tag: `name` in small letters, `written` as it would be in a cell."""
        if name == "table":
            return self._table(is_end, written)
        if name in _PARTS:
            if not self._in_cell:
                return "</div>" if is_end else "<div>"
            self._in_cell[-1] = name in _CELLS and not is_end
            return written
        return written if is_end else self._open_cell() + written

    def _table(self, is_end: bool, written: str) -> str:
        if not is_end:
            cell = self._open_cell()
            self._in_cell.append(False)
            return cell + written
        if self._in_cell:
            self._in_cell.pop()
        return written

    def _open_cell(self) -> str:
        if not self._in_cell or self._in_cell[-1]:
            return ""
        self._in_cell[-1] = True
        return "<td>"
