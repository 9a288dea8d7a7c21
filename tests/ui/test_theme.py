import pytest

from goodmeasure.ui.stylesheet import stylesheet
from goodmeasure.ui.theme import THEMES, Tokens, color_names
from goodmeasure.ui.widgets.bars import luminance

GROUNDS = ("window", "side", "card", "field", "hover")
TEXTS = ("text", "text2", "text3")
PAIRS = [
    *[(text, ground) for text in TEXTS for ground in GROUNDS],
    *[("accent_text", ground) for ground in ("window", "side", "card", "field", "accent_soft")],
    *[("on_accent", ground) for ground in ("accent", "accent_hover")],
    *[(text, "accent_soft") for text in ("text", "text2")],
    *[(text, "card") for text in ("good", "warn")],
    *[("bad", ground) for ground in ("window", "side", "card", "field")],
    *[(text, "warn_soft") for text in ("text", "warn")],
]


def contrast(theme: Tokens, one: str, other: str) -> float:
    light, dark = sorted((luminance(theme.color(name)) for name in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: Tokens, text: str, ground: str) -> None:
    assert contrast(theme, text, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_focus_ring_can_be_seen(theme: Tokens) -> None:
    assert min(contrast(theme, "accent", ground) for ground in ("window", "side", "card")) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_token_is_a_colour_and_the_sheet_uses_only_tokens(theme: Tokens) -> None:
    colors = {getattr(theme, name) for name in color_names()}
    assert all(theme.color(name).isValid() for name in color_names())
    sheet = stylesheet(theme)
    assert "None" not in sheet
    assert {word.rstrip(";,") for word in sheet.split() if word.startswith("#")} <= colors


def test_contrast_is_measured_right() -> None:
    black_on_white = Tokens(**dict.fromkeys(color_names(), "#ffffff") | {"name": "x", "text": "#000000"})
    assert contrast(black_on_white, "text", "card") == pytest.approx(21)
