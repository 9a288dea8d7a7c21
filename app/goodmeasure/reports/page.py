"""The page for people: one self-contained HTML file, made only from the signed bytes and their signature."""


def page_bytes(report: bytes, signature: bytes) -> bytes:
    """Return the page of these exact bytes; the same bytes give the same page.

    Raises Refusal where the bytes are no report, SignatureError where the signature does not fit them.
    """
    raise NotImplementedError
