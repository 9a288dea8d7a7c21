"""The ledger's tables. Every column says its unit; reads and migrations use these, imports write by the same names.

Ids are row numbers. Instants (`*_at`) are milliseconds since 1970-01-01 UTC, money is micro-USD, NULL is unknown and 0
a measurement. Tables are STRICT: a text in a number's place is refused. What cannot be said here (full-text table,
triggers) stands in `schema.sql`.
"""

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)

from goodmeasure.ledger.evidence_tables import evidence as evidence  # noqa: PLC0414 - all tables are asked for together
from goodmeasure.ledger.evidence_tables import evidence_check as evidence_check  # noqa: PLC0414 - same
from goodmeasure.ledger.evidence_tables import run_work as run_work  # noqa: PLC0414 - same
from goodmeasure.ledger.evidence_tables import run_work_salt as run_work_salt  # noqa: PLC0414 - same
from goodmeasure.ledger.fact_tables import guess as guess  # noqa: PLC0414 - all tables are asked for together
from goodmeasure.ledger.fact_tables import rule as rule  # noqa: PLC0414 - same
from goodmeasure.ledger.fact_tables import run_edit as run_edit  # noqa: PLC0414 - same
from goodmeasure.ledger.fact_tables import run_fact as run_fact  # noqa: PLC0414 - same
from goodmeasure.ledger.fact_tables import run_part as run_part  # noqa: PLC0414 - same
from goodmeasure.ledger.fact_tables import split_due as split_due  # noqa: PLC0414 - same
from goodmeasure.ledger.received_tables import known_signer as known_signer  # noqa: PLC0414 - all tables are asked for together
from goodmeasure.ledger.received_tables import received_report as received_report  # noqa: PLC0414 - same
from goodmeasure.ledger.received_tables import roll_up as roll_up  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import audit_week as audit_week  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import frozen_period as frozen_period  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import receipt as receipt  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import receipt_leaf as receipt_leaf  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import receipt_run as receipt_run  # noqa: PLC0414 - same
from goodmeasure.ledger.sharing_tables import released_run as released_run  # noqa: PLC0414 - same
from goodmeasure.ledger.table_parts import blob as _bytes
from goodmeasure.ledger.table_parts import counters as _counters
from goodmeasure.ledger.table_parts import keyed_table as _keyed
from goodmeasure.ledger.table_parts import metadata as metadata  # noqa: PLC0414 - the tables and their metadata are asked for together
from goodmeasure.ledger.table_parts import number as _number
from goodmeasure.ledger.table_parts import part_of_key as _part_of_key
from goodmeasure.ledger.table_parts import real as _real
from goodmeasure.ledger.table_parts import row_id as _id
from goodmeasure.ledger.table_parts import sums as _sums
from goodmeasure.ledger.table_parts import table as _table
from goodmeasure.ledger.table_parts import text as _text
from goodmeasure.ledger.team_tables import team_file as team_file  # noqa: PLC0414 - all tables are asked for together
from goodmeasure.ledger.team_tables import team_roster as team_roster  # noqa: PLC0414 - same

meta = _keyed(
    "meta",
    _part_of_key("key", Text, "name of a fact about this ledger"),
    _text("value", "the fact", needed=True),
)

source_file = _table(
    "source_file",
    _id(),
    _text("path", "absolute path of the agent's file", needed=True),
    _text("source", "key of the source", needed=True),
    _number("device", "file system's number", needed=True),
    _number("inode", "file's number", needed=True),
    _number("size_bytes", "bytes when last read", needed=True),
    _number("mtime_ns", "nanoseconds since 1970 UTC when last read", needed=True),
    _number("offset_bytes", "bytes read so far", needed=True),
    _bytes("head_hash", "fingerprint of the first bytes"),
    _bytes("reader_state", "what the source's reader needs to go on"),
    _number("lines", "count of complete lines read", needed=True),
    _number("unreadable", "count of complete lines that could not be read", needed=True),
    _number("unknown", "count of records of unknown type", needed=True),
    _number("read_at", "instant of the last reading", needed=True),
    UniqueConstraint("path"),
)

file_issue = _table(
    "file_issue",
    _id(),
    _number("source_file_id", "file", of="source_file", needed=True),
    _number("line", "line number from 1; NULL: the whole file"),
    _text("what", "what is wrong, in words", needed=True),
    Index("file_issue_of_file", "source_file_id"),
)

unknown_record = _keyed(
    "unknown_record",
    _part_of_key("source_file_id", Integer, "file", "source_file"),
    _part_of_key("type", Text, "record type that the reader does not know"),
    _number("count", "count of such records", needed=True),
)

project = _table(
    "project",
    _id(),
    _text("root", "root path: the project's identity", needed=True),
    _text("name", "name for people", needed=True),
    _text("cost_center", "where the person books it"),
    UniqueConstraint("root"),
)

run = _table(
    "run",
    _id(),
    _text("key", "16 hex digits hashed from source and root session", needed=True),
    _text("source", "key of the source", needed=True),
    # No foreign key: session points here, and two tables that wait for each other cannot be filled or emptied in order.
    _number("root_session_id", "session that began the run", needed=True),
    _number("project_id", "project of the root session, else of the first session that has one", of="project"),
    _number("merged_into_id", "run that took over this one's sessions", of="run"),
    UniqueConstraint("key"),
    Index("run_merged_into", "merged_into_id"),
)

session = _table(
    "session",
    _id(),
    _text("source", "key of the source", needed=True),
    _text("native_id", "the agent's own id", needed=True),
    _number("parent_id", "session that this one hangs on", of="session"),
    _text("relation", "subagent, fork or resume; NULL without parent"),
    _number("run_id", "run that it is folded into", of="run", needed=True),
    _number("project_id", "project", of="project"),
    _number("started_at", "instant of the first record"),
    _number("ended_at", "instant of the last record"),
    _text("cwd", "working folder"),
    _text("git_branch", "branch at the start"),
    _text("git_repository", "remote address"),
    _text("agent_version", "the agent's version"),
    _text("entrypoint", "how the agent was started, in its own word"),
    _text("title", "local title, at most 120 characters"),
    _number("title_rank", "domain.events.TitleRank", needed=True),
    UniqueConstraint("native_id", "source"),  # in this order people's words find a session, too
    Index("session_of_run", "run_id"),
    Index("session_of_parent", "parent_id"),
)

session_file = _keyed(
    "session_file",
    _part_of_key("session_id", Integer, "session", "session"),
    _part_of_key("source_file_id", Integer, "file that speaks of it", "source_file"),
)

model = _table(
    "model",
    _id(),
    _text("provider", "who serves it; empty: unknown", needed=True),
    _text("name", "the model's name; empty: unknown", needed=True),
    UniqueConstraint("provider", "name"),
)

generation = _table(
    "generation",
    _id(),
    _bytes("key", "16 bytes: identity of the call", needed=True),
    _number("session_id", "session that made the call", of="session", needed=True),
    _number("run_id", "run that it counts for", of="run", needed=True),
    _number("source_file_id", "file that owns the record", of="source_file", needed=True),
    _number("model_id", "model", of="model"),
    _number("recorded_at", "instant"),
    *_counters(),
    _number("web_search_requests", "count"),
    _number("reported_cost_micros", "micro-USD that the agent wrote"),
    _text("service_tier", "only where it changes the price"),
    _number("flags", "domain.events.GenerationFlag", needed=True),
    _number("cost_micros", "micro-USD, as priced at import"),
    _number("cost_basis", "0 unknown, 1 list price, 2 reported", needed=True),
    UniqueConstraint("key"),
    Index("generation_of_run", "run_id"),
    Index("generation_at", "recorded_at"),
    Index("generation_by_telemetry", "recorded_at", sqlite_where=text("flags & 32")),
)

generation_copy = _keyed(
    "generation_copy",
    _part_of_key("source_file_id", Integer, "file that holds one more copy", "source_file"),
    _part_of_key("generation_id", Integer, "generation that is owned by another file", "generation"),
)

telemetry_feed = _keyed(
    "telemetry_feed",
    _part_of_key("source", Text, "key of the source that sends"),
    _number("source_file_id", "stands for the feed where a file is meant", of="source_file", needed=True),
    _number("requests", "count", needed=True),
    _number("metrics", "count of metrics, which are not read", needed=True),
    _number("calls", "count of calls told, each once", needed=True),
    _number("first_at", "instant of the first request", needed=True),
    _number("last_at", "instant of the latest request", needed=True),
)

telemetry_call = _keyed(
    "telemetry_call",
    _part_of_key("key", LargeBinary, "16 bytes: identity of a call told by telemetry that a log tells, too"),
    _number("generation_id", "the same call, as the log tells it", of="generation", needed=True),
    Index("telemetry_call_of_generation", "generation_id"),
)

telemetry_event = _keyed(
    "telemetry_event",
    _part_of_key("key", LargeBinary, "16 bytes: identity of a tool call, prompt or notice told by telemetry"),
    _number("session_id", "session; its log tells the same better", of="session", needed=True),
    Index("telemetry_event_of_session", "session_id"),
)

telemetry_refusal = _keyed(
    "telemetry_refusal",
    _part_of_key("reason", Text, "why requests were refused, in words"),
    _number("count", "count", needed=True),
    _number("last_at", "instant of the latest", needed=True),
)

tool = _table(
    "tool",
    _id(),
    _text("name", "the agent's name for it; empty: unknown", needed=True),
    _text("kind", "domain.events.ToolKind; empty: unknown", needed=True),
    UniqueConstraint("name", "kind"),
)

tool_call = _table(
    "tool_call",
    _id(),
    _bytes("key", "16 bytes: identity of the call", needed=True),
    _number("session_id", "session", of="session", needed=True),
    _number("run_id", "run", of="run", needed=True),
    _number("called_at", "instant"),
    _number("finished_at", "instant"),
    _number("tool_id", "tool", of="tool", needed=True),
    _number("status", "1 ok, 2 error, 3 denied, 4 interrupted; NULL: no result seen"),
    UniqueConstraint("key"),
    Index("tool_call_of_run", "run_id"),
)

prompt = _table(
    "prompt",
    _id(),
    _bytes("key", "16 bytes: identity", needed=True),
    _number("session_id", "session", of="session", needed=True),
    _number("run_id", "run", of="run", needed=True),
    _number("prompted_at", "instant"),
    UniqueConstraint("key"),
    Index("prompt_of_run", "run_id"),
)

notice = _table(
    "notice",
    _id(),
    _bytes("key", "16 bytes: identity", needed=True),
    _number("session_id", "session", of="session", needed=True),
    _number("run_id", "run", of="run", needed=True),
    _number("noticed_at", "instant"),
    _text("kind", "domain.events.NoticeKind", needed=True),
    _text("detail", "short code, never text"),
    UniqueConstraint("key"),
    Index("notice_of_run", "run_id"),
)

session_total = _keyed(
    "session_total",
    _part_of_key("session_id", Integer, "session", "session"),
    _part_of_key("model", Text, "model's name as the agent totals it"),
    _number("source_file_id", "file that holds the latest total", of="source_file", needed=True),
    *_counters(),
    _number("cost_micros", "micro-USD, the agent's own figure"),
)

assessment = _table(
    "assessment",
    _id(),
    _number("run_id", "run that is judged", of="run", needed=True),
    _text("name", "domain.assessments.AssessmentName", needed=True),
    _text("value", "value of the taxonomy; NULL: taken back"),
    _text("source", "HUMAN, CODE or LLM_JUDGE", needed=True),
    _text("collected", "sampled, self_selected, batch or rule_confirmed", needed=True),
    _real("inclusion_probability", "chance of being drawn, 0 < p <= 1; NULL: not drawn"),
    _number("assessed_at", "instant", needed=True),
    _real("answer_seconds", "seconds that the answer took"),
    _text("suggested", "value that the app had suggested"),
    _number("supersedes_id", "earlier assessment that this one replaces", of="assessment"),
    _number("taxonomy_version", "version of the taxonomy", needed=True),
    CheckConstraint("inclusion_probability IS NULL OR (inclusion_probability > 0 AND inclusion_probability <= 1)"),
    Index("assessment_of_run", "run_id"),
)

draw = _table(
    "draw",
    _id(),
    _text("drawn_on", "the person's own day, YYYY-MM-DD", needed=True),
    _number("drawn_at", "instant", needed=True),
    _bytes("seed", "32 bytes: with the frame's runs it gives the draw again", needed=True),
    _number("costly_from_micros", "micro-USD from which a run was costly; NULL: no cost was known"),
    UniqueConstraint("drawn_on"),
)

draw_run = _keyed(
    "draw_run",
    _part_of_key("run_id", Integer, "run of the frame; it stands in one frame only", "run"),
    _number("draw_id", "draw", of="draw", needed=True),
    _text("stratum", "costly or rest", needed=True),
    Column("inclusion_probability", REAL, nullable=False, comment="chance of being drawn, 0 < p <= 1"),
    _number("drawn", "1: to be asked about; 0: chance decided otherwise", needed=True),
    CheckConstraint("inclusion_probability > 0 AND inclusion_probability <= 1"),
    Index("draw_run_of_draw", "draw_id"),
)

finding_dismissal = _table(
    "finding_dismissal",
    _id(),
    _text("detector", "domain.findings.Detector", needed=True),
    _number("project_id", "project; NULL: unknown, or all of them", of="project"),
    _number("dismissed_at", "instant", needed=True),
)

release = _table(
    "release",
    _id(),
    _text("level", "disclosure level", needed=True),
    _text("period", "ISO week or month", needed=True),
    _text("audience", "for whom, as the person typed it", needed=True),
    _text("purpose", "what for, as the person typed it", needed=True),
    _text("expires_after", "ISO week after which the reader is asked to delete it", needed=True),
    _bytes("body", "the report's exact bytes", needed=True),
    _bytes("signature", "the detached signature's exact bytes", needed=True),
    _bytes("sha256", "32 bytes: hash of body", needed=True),
    _number("released_at", "instant", needed=True),
    _number("restates_id", "earlier release that this one corrects", of="release"),
    Index("release_of_period", "period", "level"),
)

audit_entry = _table(
    "audit_entry",
    _id(),
    _number("entered_at", "instant", needed=True),
    _text("kind", "what was done", needed=True),
    _bytes("subject", "32 bytes: hash of what it was done to", needed=True),
    _bytes("previous", "32 bytes: chain before this entry; zeros for the first", needed=True),
    _bytes("chain", "32 bytes: chain after this entry", needed=True),
)

run_summary = _table(
    "run_summary",
    Column("run_id", Integer, ForeignKey("run.id"), primary_key=True, comment="run"),
    _text("source", "key of the source", needed=True),
    _number("started_at", "instant"),
    _number("ended_at", "instant"),
    _number("duration_ms", "milliseconds; NULL: start or end unknown"),
    _text("title", "local title"),
    _text("project", "project's name"),
    _text("model", "name of the most used model"),
    _number("total_tokens", "sum of the known disjoint counters, for sorting only"),
    *_sums(),
    _text("models", "JSON list of model names, most used first", needed=True),
    _number("tool_calls", "count", needed=True),
    _number("prompts", "count", needed=True),
    _number("errors", "count of failed requests and failed tool calls", needed=True),
    _text("outcome", "current outcome"),
    _number("outcome_at", "instant of the current outcome"),
    _text("need", "current need"),
    _text("cost_center", "where it is booked: the run's own, else its project's"),
    _text("work_kind", "domain.facts.WorkKind"),
    _text("data_class", "domain.facts.DataClass"),
    _text("autonomy", "domain.facts.Autonomy; NULL: the log does not tell"),
    # A list in any of these orders reads an index, not the whole of the widest table. None of the outcome: the inbox
    # would take it for the many runs without one, and sort them all.
    Index("run_summary_started", "started_at"),
    Index("run_summary_source", "source", "ended_at"),
    Index("run_summary_model", "model"),
    Index("run_summary_duration", "duration_ms"),
    Index("run_summary_tokens", "total_tokens"),
    Index("run_summary_cost", "cost_micros"),
)

usage_bucket = _keyed(
    "usage_bucket",
    _part_of_key("bucket", Integer, "quarter hours since 1970 UTC; -1: instant unknown"),
    _part_of_key("source", Text, "key of the source"),
    _part_of_key("project_id", Integer, "project; 0: unknown"),
    _part_of_key("model_id", Integer, "model; 0: unknown"),
    *_sums(),
)

dirty_run = _keyed("dirty_run", _part_of_key("run_id", Integer, "run whose summary is out of date"))
dirty_bucket = _keyed("dirty_bucket", _part_of_key("bucket", Integer, "usage_bucket that is out of date"))
