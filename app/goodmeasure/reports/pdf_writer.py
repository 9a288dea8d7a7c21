"""A canvas put together as one PDF file: pages, fonts, the structure by which it is read aloud, and attachments."""

import io
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from goodmeasure.reports.pdf_canvas import PAGE, Canvas, Node
from goodmeasure.reports.pdf_fonts import Face


def pdf_file(canvas: Canvas, title: str, attachments: dict[str, bytes], identifier: str) -> bytes:
    """Return the file. `identifier`: hexadecimal, made from what it shows; the same drawing gives the same bytes."""
    return _Writer(canvas, title, attachments).written(identifier)


class _Writer:
    def __init__(self, canvas: Canvas, title: str, attachments: dict[str, bytes]) -> None:
        self._canvas = canvas
        self._title = title
        self._attachments = attachments
        self._pdf = pydyf.PDF()
        self._page_objects: list[pydyf.Dictionary] = []
        self._nodes: dict[int, pydyf.Dictionary] = {}

    def written(self, identifier: str) -> bytes:
        self._add_pages()
        catalog = self._pdf.catalog
        catalog["StructTreeRoot"] = self._structure().reference
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        catalog["Lang"] = pydyf.String("en")
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        catalog["Metadata"] = self._added(self._metadata()).reference
        if self._attachments:
            files = [self._attached(name, data) for name, data in sorted(self._attachments.items())]
            names = [part for name, made in zip(sorted(self._attachments), files, strict=True) for part in (name, made)]
            pairs = pydyf.Array([pydyf.String(one) if isinstance(one, str) else one.reference for one in names])
            catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": pydyf.Dictionary({"Names": pairs})})
            catalog["AF"] = pydyf.Array([made.reference for made in files])
        self._pdf.info["Title"] = pydyf.String(self._title)
        self._pdf.info["Producer"] = pydyf.String("Good Measure")
        written = io.BytesIO()
        self._pdf.write(written, version=b"1.7", identifier=identifier)
        return written.getvalue()

    def _added(self, made: pydyf.Object) -> pydyf.Object:
        self._pdf.add_object(made)
        return made

    def _add_pages(self) -> None:
        fonts = {
            self._canvas.keys[name]: self._font(face).reference
            for name, face in self._canvas.faces.items()
            if face.used
        }
        states = {
            key: pydyf.Dictionary({"Type": "/ExtGState", "CA": opacity})
            for opacity, key in self._canvas.opacities.items()
        }
        resources = pydyf.Dictionary({"Font": pydyf.Dictionary(fonts), "ExtGState": pydyf.Dictionary(states)})
        for number, stream in enumerate(self._canvas.streams):
            self._added(stream)
            page = pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": self._pdf.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, *PAGE]),
                    "Contents": stream.reference,
                    "Resources": resources,
                    "StructParents": number,
                    "Tabs": "/S",
                }
            )
            self._pdf.add_page(page)
            self._page_objects.append(page)

    def _structure(self) -> pydyf.Dictionary:
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self._added(root)
        root["K"] = self._node(self._canvas.root, root).reference
        numbers: list[Any] = []
        for page, owners in enumerate(self._canvas.owners):
            listed = self._added(pydyf.Array([self._nodes[id(owner)].reference for owner in owners]))
            numbers += [page, listed.reference]
        tree = self._added(pydyf.Dictionary({"Nums": pydyf.Array(numbers)}))
        root["ParentTree"] = tree.reference
        root["ParentTreeNextKey"] = self._canvas.pages
        return root

    def _node(self, node: Node, parent: pydyf.Dictionary) -> pydyf.Dictionary:
        made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.kind}", "P": parent.reference})
        self._added(made)
        self._nodes[id(node)] = made
        if node.alt:
            made["Alt"] = pydyf.String(node.alt)
        if node.attributes:
            made["A"] = pydyf.Dictionary(
                {key: pydyf.Array(one) if isinstance(one, list) else one for key, one in node.attributes.items()}
            )
        kids = pydyf.Array([])
        for kid in node.kids:
            if isinstance(kid, Node):
                kids.append(self._node(kid, made).reference)
            else:
                page, mark = kid
                place = {"Type": "/MCR", "Pg": self._page_objects[page].reference, "MCID": mark}
                kids.append(pydyf.Dictionary(place))
        made["K"] = kids
        return made

    def _font(self, face: Face) -> pydyf.Dictionary:
        metrics, label = face.metrics, f"/{face.label}"
        data = face.embedded()
        program = self._added(pydyf.Stream([data], {"Length1": len(data)}, compress=True))
        descriptor = self._added(
            pydyf.Dictionary(
                {
                    "Type": "/FontDescriptor",
                    "FontName": label,
                    "Flags": 4,
                    "FontBBox": pydyf.Array(metrics.box),
                    "ItalicAngle": 0,
                    "Ascent": metrics.ascent,
                    "Descent": metrics.descent,
                    "CapHeight": metrics.capitals,
                    "StemV": 80,
                    "FontFile2": program.reference,
                }
            )
        )
        widths = pydyf.Array([])
        for number, width in face.glyph_widths:
            widths.extend([number, pydyf.Array([width])])
        system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
        letters = self._added(
            pydyf.Dictionary(
                {
                    "Type": "/Font",
                    "Subtype": "/CIDFontType2",
                    "BaseFont": label,
                    "CIDSystemInfo": pydyf.Dictionary(system),
                    "CIDToGIDMap": "/Identity",
                    "FontDescriptor": descriptor.reference,
                    "W": widths,
                }
            )
        )
        names = self._added(pydyf.Stream([face.unicode_map()], compress=True))
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": label,
                "Encoding": "/Identity-H",
                "DescendantFonts": pydyf.Array([letters.reference]),
                "ToUnicode": names.reference,
            }
        )
        self._added(font)
        return font

    def _attached(self, name: str, data: bytes) -> pydyf.Dictionary:
        kind = "/application#2Fjson" if name.endswith(".json") else "/text#2Fplain"
        size = pydyf.Dictionary({"Size": len(data)})
        stream = self._added(
            pydyf.Stream([data], {"Type": "/EmbeddedFile", "Subtype": kind, "Params": size}, compress=True)
        )
        made = pydyf.Dictionary(
            {
                "Type": "/Filespec",
                "F": pydyf.String(name),
                "UF": pydyf.String(name),
                "AFRelationship": "/Source",
                "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            }
        )
        self._added(made)
        return made

    def _metadata(self) -> pydyf.Stream:
        text = (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>Good Measure</pdf:Producer>'
            f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(self._title)}</rdf:li></rdf:Alt></dc:title>'
            "<dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>"
            '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
        )
        return pydyf.Stream([text.encode()], {"Type": "/Metadata", "Subtype": "/XML"})
