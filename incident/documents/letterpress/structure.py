"""The structure tree of a laid-out letter, made flat: headings, paragraphs, lists, tables; wrappers without meaning go.

A screen reader hears the same; a file of a thousand letters is a third of the size. Table headings carry their scope
instead of ids, which would not be unique when many letters stand in one file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from incident.documents.letterpress.variant import Element
from incident.errors import DocumentError

_WRAPPERS = frozenset({"/NonStruct", "/Span"})
_GROUPS = frozenset({"/Div", "/Part", "/Sect", "/Art"})
_MAY_BE_EMPTY = frozenset({"/TD", "/TH", "/Figure"})


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: bytes = b""
    kids: "list[_Node | tuple[int, int]]" = field(default_factory=list)


def elements_of(pdf: Any) -> tuple[Element, ...]:
    """The elements of a WeasyPrint PDF, parents before kids."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    root = _Node("/Document")
    for each in pdf.Root.StructTreeRoot.K:
        root.kids += _kids(each, pages)
    root.kids = list(_in_paragraphs(root.kids))
    found: list[Element] = []
    _number(root, -1, found)
    return tuple(found)


def linked_content(elements: tuple[Element, ...]) -> frozenset[tuple[int, int]]:
    """The (page, mcid) that the tree reaches; all other content is an artifact."""
    return frozenset(kid for each in elements for kid in each.kids if isinstance(kid, tuple))


def _kids(element: Any, pages: dict[Any, int]) -> "list[_Node | tuple[int, int]]":
    found: list[_Node | tuple[int, int]] = []
    for kid in element.get("/K", ()):
        if isinstance(kid, int):
            found.append((pages[element.Pg.objgen], int(kid)))
            continue
        if "/S" not in kid:
            raise DocumentError("The letter holds a link or a form field.", "A letter on paper has none; remove it.")
        tag = str(kid.S)
        inner = _kids(kid, pages)
        if tag in _WRAPPERS:
            found += inner
        elif tag in _GROUPS:
            found += _in_paragraphs(inner)
        elif inner or tag in _MAY_BE_EMPTY:
            found.append(_Node(tag, _attributes(kid, tag), inner))
    return _with_scopes(found)


def _in_paragraphs(kids: "list[_Node | tuple[int, int]]") -> "Iterator[_Node]":
    """Text that stands in no paragraph gets one."""
    run: list[_Node | tuple[int, int]] = []
    for kid in kids:
        if isinstance(kid, tuple):
            run.append(kid)
            continue
        if run:
            yield _Node("/P", b"", run)
            run = []
        yield kid
    if run:
        yield _Node("/P", b"", run)


def _with_scopes(kids: "list[_Node | tuple[int, int]]") -> "list[_Node | tuple[int, int]]":
    """A heading cell beside other cells heads its row, one among headings its column."""
    cells = [kid for kid in kids if isinstance(kid, _Node) and kid.tag in ("/TH", "/TD")]
    row = any(each.tag == "/TD" for each in cells)
    for each in cells:
        if each.tag == "/TH":
            each.attributes = each.attributes.replace(b"/O/Table", b"/O/Table/Scope" + (b"/Row" if row else b"/Column"))
    return kids


def _attributes(element: Any, tag: str) -> bytes:
    if tag in ("/TH", "/TD"):
        given = element.get("/A", {})
        spans = "".join(f"{key} {int(given[key])}" for key in ("/ColSpan", "/RowSpan") if key in given)
        return f"/A<</O/Table{spans}>>".encode() if spans or tag == "/TH" else b""
    if tag == "/Figure":
        return b"".join(
            b"%s %s" % (key.encode(), element[key].unparse(resolved=True)) for key in ("/A", "/Alt") if key in element
        )
    return b""


def _number(node: _Node, parent: int, found: list[Element]) -> None:
    """Append the node's kids, depth first, then settle what each element holds."""
    for kid in node.kids:
        if isinstance(kid, _Node):
            _place(kid, parent, found)


def _place(node: _Node, parent: int, found: list[Element]) -> int:
    index = len(found)
    found.append(Element(node.tag.encode(), parent, ()))
    kids = tuple(kid if isinstance(kid, tuple) else _place(kid, index, found) for kid in node.kids)
    found[index] = Element(node.tag.encode(), parent, kids, node.attributes)
    return index
