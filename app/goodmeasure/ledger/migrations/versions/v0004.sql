CREATE TABLE rule (
  id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  fact TEXT NOT NULL,
  value TEXT NOT NULL,
  folder TEXT,
  repository TEXT,
  branch TEXT,
  source TEXT,
  tool TEXT,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE run_edit (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  other_id INTEGER,
  from_at INTEGER,
  undoes_id INTEGER,
  edited_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(other_id) REFERENCES run (id),
  FOREIGN KEY(undoes_id) REFERENCES run_edit (id)
)
 STRICT;

CREATE INDEX run_edit_of_other ON run_edit (other_id);

CREATE INDEX run_edit_of_run ON run_edit (run_id);

CREATE TABLE run_fact (
  run_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  rule_id INTEGER,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, name),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(rule_id) REFERENCES rule (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX run_fact_of_rule ON run_fact (rule_id);

CREATE TRIGGER run_edit_no_update BEFORE UPDATE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

CREATE TRIGGER run_edit_no_delete BEFORE DELETE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

ALTER TABLE run_summary RENAME TO run_summary_before;

CREATE TABLE run_summary (
  run_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  duration_ms INTEGER,
  title TEXT,
  project TEXT,
  model TEXT,
  total_tokens INTEGER,
  generations INTEGER NOT NULL,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost_micros INTEGER,
  unpriced_generations INTEGER NOT NULL,
  estimated_generations INTEGER NOT NULL,
  output_lower_bound_generations INTEGER NOT NULL,
  models TEXT NOT NULL,
  tool_calls INTEGER NOT NULL,
  prompts INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  outcome TEXT,
  outcome_at INTEGER,
  need TEXT,
  cost_center TEXT,
  work_kind TEXT,
  data_class TEXT,
  autonomy TEXT,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

INSERT INTO run_summary (
  run_id, source, started_at, ended_at, duration_ms, title, project, model, total_tokens, generations, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  output_tokens, reasoning_tokens, cost_micros, unpriced_generations, estimated_generations, output_lower_bound_generations, models, tool_calls, prompts, errors, outcome, outcome_at, need
)
SELECT
  run_id, source, started_at, ended_at, duration_ms, title, project, model, total_tokens, generations, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  output_tokens, reasoning_tokens, cost_micros, unpriced_generations, estimated_generations, output_lower_bound_generations, models, tool_calls, prompts, errors, outcome, outcome_at, need
FROM run_summary_before;

DROP TABLE run_summary_before;

CREATE INDEX run_summary_cost ON run_summary (cost_micros);

CREATE INDEX run_summary_duration ON run_summary (duration_ms);

CREATE INDEX run_summary_model ON run_summary (model);

CREATE INDEX run_summary_source ON run_summary (source, ended_at);

CREATE INDEX run_summary_started ON run_summary (started_at);

CREATE INDEX run_summary_tokens ON run_summary (total_tokens);
