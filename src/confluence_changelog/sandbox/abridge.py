"""What a mail shows of a difference: what changed, with the rows and headings that say where."""

from .macros import HEADINGS
from .tokens import CData
from .tree import Element, Node

_THINNED = frozenset(
    {
        *("", "ol", "table", "tbody", "tfoot", "thead", "ul"),
        *("ac:layout", "ac:layout-cell", "ac:layout-section"),
    }
)
_GAP = "\N{HORIZONTAL ELLIPSIS}"


def abridge(element: Element) -> Element:
    """Return a marked tree without the blocks, rows and items in which nothing is marked.

    In place of each run of them there is an ellipsis; header rows, columns' widths, and the heading
    before a changed block stay.
    """
    if element.mark or element.name not in _THINNED:
        return element
    kept: list[Node] = []
    skipped: list[Element] = []
    for child in element.elements():
        if is_marked(child):
            heading = skipped.pop() if skipped and skipped[-1].name in HEADINGS else None
            kept += [*_gap(skipped), *([heading] if heading else []), abridge(child)]
            skipped = []
        elif child.name in ("colgroup", "thead") or _is_header(child):
            kept += [*_gap(skipped), child]
            skipped = []
        elif child.children or child.name not in ("p", "br"):
            skipped.append(child)
    return Element(element.name, element.attributes, [*kept, *_gap(skipped)])


def is_marked(element: Element) -> bool:
    """Whether anything in an element is marked."""
    return bool(element.mark) or any(is_marked(child) for child in element.elements())


def _is_header(element: Element) -> bool:
    cells = [child.name for child in element.elements()]
    return element.name == "tr" and bool(cells) and set(cells) == {"th"}


def _gap(skipped: list[Element]) -> list[Node]:
    """Return what stands for skipped elements, if there are any."""
    if not skipped:
        return []
    text: list[Node] = [CData(_GAP)]
    if skipped[0].name == "tr":
        span = max(len(list(row.elements())) for row in skipped)
        return [Element("tr", {}, [Element("td", {"colspan": str(span)}, text)])]
    return [Element("li" if skipped[0].name == "li" else "p", {}, text)]
