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
INSERT INTO "assistant_usage_events" VALUES(1,'9bc2877f-eb05-45c7-a156-b6273bf7f0c1',0,NULL,NULL,'claude-sonnet-4.5',NULL,9012,90,0,9000,NULL,NULL,0.0,33,27.890838,27.890898,0.27234425,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:44.283Z');
INSERT INTO "assistant_usage_events" VALUES(2,'9bc2877f-eb05-45c7-a156-b6273bf7f0c1',0,NULL,NULL,'claude-sonnet-4.5',NULL,9355,88,9000,350,NULL,NULL,0.0,7,4.393039,4.39883699999999944196e+00,0.0433662,'agent','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:44.492Z');
INSERT INTO "assistant_usage_events" VALUES(3,'9bc2877f-eb05-45c7-a156-b6273bf7f0c1',0,NULL,NULL,'claude-sonnet-4.5',NULL,9517,35,9350,160,NULL,NULL,0.0,26,14.120899,14.120979,0.080514,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:44.609Z');
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
INSERT INTO "sessions" VALUES('9bc2877f-eb05-45c7-a156-b6273bf7f0c1','/home/person/project','person/project','Invented text.','main','Invented text.','2026-11-23T07:52:43.923Z','2026-11-23T07:52:44.238Z');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('assistant_usage_events',3);
COMMIT;
