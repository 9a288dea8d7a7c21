from goodmeasure.viewmodels.page_preview import Block, page_blocks

PAGE = """<!doctype html><html><head><title>Not shown</title><style>p { color: red }</style></head><body>
<svg width="0" class="definitions"><defs><pattern id="pattern-x"/></defs></svg>
<header><p class="brand"><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>Good Measure</p></header>
<h1>What AI was worth</h1>
<ul><li><span>&lt;img src=&quot;file:///x.png&quot;&gt; saved me</span> <span>self-reported</span></li></ul>
<div><svg class="bar" viewBox="0 0 9 9"><title>Bar</title><desc id="a">Used 40 to 50 %.</desc><rect/></svg></div>
<table><tr><td></td><th><svg class="swatch"/>Used</th></tr><tr><th>Of all runs</th><td>40–50 %</td></tr></table>
</body></html>"""


def test_the_page_in_plain_blocks() -> None:
    blocks = page_blocks(PAGE.replace('<svg class="swatch"/>', '<svg class="swatch"></svg>').encode())
    assert [(block.kind, block.text) for block in blocks] == [
        ("text", "Good Measure"),
        ("title", "What AI was worth"),
        ("item", '<img src="file:///x.png"> saved me self-reported'),
        ("figure", "Used 40 to 50 %."),
        ("table", "\tUsed\nOf all runs\t40–50 %"),
    ]


def test_a_figure_stands_alone_with_the_patterns_of_the_page() -> None:
    figure = next(block for block in page_blocks(PAGE.encode()) if block.kind == "figure")
    assert figure.svg.startswith(b'<svg xmlns="http://www.w3.org/2000/svg" class="bar"')
    assert b'<pattern id="pattern-x"/>' in figure.svg


def test_an_empty_page_has_no_blocks() -> None:
    assert page_blocks(b"") == ()
    assert page_blocks(b"nur Text") == (Block("text", "nur Text"),)
