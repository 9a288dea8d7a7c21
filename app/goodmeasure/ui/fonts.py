"""The window's typeface: Inter for text, Inter Display for large text, both bundled."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from goodmeasure.host.paths import resource

_FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "InterDisplay-SemiBold.ttf")
_FALLBACKS = ("Segoe UI Variable", "SF Pro Text", "Noto Sans", "DejaVu Sans")
REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600


@cache
def load_fonts() -> int:
    """Register the bundled fonts with Qt once; return how many of them Qt accepted."""
    folder = resource("fonts")
    return sum(
        QFontDatabase.addApplicationFont(str(folder / name)) >= 0 for name in _FILES if (folder / name).is_file()
    )


@cache
def font(size: float, weight: int = REGULAR, *, display: bool = False, fixed: bool = False) -> QFont:
    """Return the typeface at `size` pixels, figures tabular. `display`: for large text; `fixed`: monospaced.

    Made once each, because Qt takes half a millisecond: never change the one returned.
    """
    if fixed:
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        family = "Inter Display" if display else "Inter"
        made = QFont(family)
        made.setFamilies([family, *_FALLBACKS])
        made.setFeature(QFont.Tag("tnum"), 1)
        made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setPixelSize(round(size))
    made.setWeight(QFont.Weight(weight))
    if display:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 99.0)
    return made
