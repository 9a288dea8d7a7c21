"""All files of one report, as asked for: the signed bytes, the page, and what else is made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.cost_csv import cost_csv
from goodmeasure.reports.encrypting import encrypt
from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.pdf import pdf_bytes

PDF_NAME: Final = "report.pdf"
COST_NAME: Final = "cost.csv"
SEALED_NAME: Final = "report.age"


@dataclass(frozen=True, slots=True)
class Formats:
    """What is wanted beside the report, its signature and its page."""

    pdf: bool = True
    cost_table: bool = False
    """Appendix A as CSV."""
    reader_key: str = ""
    """`age1…` or `ssh-ed25519 …`: everything once more, readable by this reader alone; "" for not."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files by name, and in a sentence each what could not be made."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...]


def outputs(files: ReportFiles, formats: Formats) -> Outputs:
    """Return all files that were asked for. Raises Refusal where the reader's key is none.

    The same report gives the same files, but for the encrypted one. A PDF that cannot be made, and a table of cost of a
    report without one, are left out with a reason: the page says all.
    """
    made, left_out = files.by_name(), []
    if formats.pdf:
        try:
            made[PDF_NAME] = pdf_bytes(files.report, files.signature)
        except Refusal as refusal:
            left_out.append(str(refusal))
    if formats.cost_table:
        table = cost_csv(files.report)
        if table is None:
            left_out.append(f"There is no {COST_NAME}, for the report holds no appendix A: tick cost at level L2.")
        else:
            made[COST_NAME] = table
    if formats.reader_key:
        made[SEALED_NAME] = encrypt(made, formats.reader_key)
    return Outputs(made, tuple(left_out))
