"""Folders written as addresses."""

import pytest

from goodmeasure.sources._formats.file_uri import path_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/person/my%20project", "/home/person/my project"),
        ("file:///c%3A/Users/person/project", "c:\\Users\\person\\project"),
        ("file:///Users/person/%C3%A4rger", "/Users/person/ärger"),
        ("file://server/share/project", "//server/share/project"),
        ("vscode-remote://ssh-remote%2Bhost/home/person/project", "/home/person/project"),
        ("file:///broken%ZZ%FF", "/broken%ZZ\ufffd"),
        ("untitled:Untitled-1", None),
        ("https://example.invalid/project", None),
        ("file://", None),
        (None, None),
    ],
)
def test_path_of_an_address(uri: str | None, path: str | None) -> None:
    assert path_of(uri) == path
