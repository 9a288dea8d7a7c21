BEGIN TRANSACTION;
CREATE TABLE assistant_usage_events (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL REFERENCES sessions(id),
                turn_index INTEGER,
                agent_id TEXT,
                parent_tool_call_id TEXT,
                model TEXT NOT NULL,
                copilot_usage_model TEXT,
                input_tokens INTEGER,
                output_tokens INTEGER,
                cache_read_tokens INTEGER,
                cache_write_tokens INTEGER,
                reasoning_tokens INTEGER,
                total_nano_aiu INTEGER,
                request_multiplier REAL,
                duration_ms INTEGER,
                time_to_first_token_ms INTEGER,
                output_ttft_ms REAL,
                inter_token_latency_ms INTEGER,
                initiator TEXT,
                api_endpoint TEXT,
                reasoning_effort TEXT,
                finish_reason TEXT,
                content_filter_triggered INTEGER,
                token_details_json TEXT,
                created_at TEXT DEFAULT (datetime('now'))
            );
INSERT INTO "assistant_usage_events" VALUES(1,'a4ac10cb-9857-42ed-b057-619f60543864',0,NULL,NULL,'gpt-5.4',NULL,6000,50,0,0,20,NULL,0.0,24,2.10483159999999962512e+01,2.10624169999999963929e+01,6.75483333333333352266e-02,'user','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:53:24.964Z');
CREATE TABLE schema_version (
                version INTEGER NOT NULL
            );
INSERT INTO "schema_version" VALUES(8);
CREATE TABLE sessions (
                id TEXT PRIMARY KEY,
                cwd TEXT,
                repository TEXT,
                host_type TEXT,
                branch TEXT,
                summary TEXT,
                created_at TEXT DEFAULT (datetime('now')),
                updated_at TEXT DEFAULT (datetime('now'))
            );
INSERT INTO "sessions" VALUES('a4ac10cb-9857-42ed-b057-619f60543864','/home/person/project','person/project','Invented text.','main','Invented text.','2026-11-23T07:53:24.756Z','2026-11-23T07:53:24.916Z');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('assistant_usage_events',1);
COMMIT;
