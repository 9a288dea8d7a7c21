from goodmeasure.sources.registry import all_sources


def test_sources_are_found_by_walking_the_package() -> None:
    assert [source.key for source in all_sources()] == ["claude-code", "codex"]


def test_sources_are_found_once() -> None:
    assert all_sources() is all_sources()
