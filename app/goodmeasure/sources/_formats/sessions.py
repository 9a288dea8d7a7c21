"""What two records tell of one session, taken together: shared by sources that read a session in pieces."""

from goodmeasure.domain.events import SessionFacts


def merged_facts(old: SessionFacts, new: SessionFacts) -> SessionFacts:
    """Return both: the earliest start, the latest end, known over unknown, the title of the higher rank."""
    titled = new if new.title is not None and new.title_rank >= old.title_rank else old
    starts = [at for at in (old.started_at, new.started_at) if at is not None]
    ends = [at for at in (old.ended_at, new.ended_at) if at is not None]
    return SessionFacts(
        old.session,
        new.parent or old.parent,
        new.relation or old.relation,
        min(starts, default=None),
        max(ends, default=None),
        new.cwd or old.cwd,
        new.git_branch or old.git_branch,
        new.git_repository or old.git_repository,
        new.agent_version or old.agent_version,
        new.entrypoint or old.entrypoint,
        titled.title,
        titled.title_rank,
    )
