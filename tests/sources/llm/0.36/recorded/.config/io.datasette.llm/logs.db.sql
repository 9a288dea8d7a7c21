CREATE TABLE "responses" (
   "id" TEXT PRIMARY KEY,
   "model" TEXT,
   "prompt" TEXT,
   "system" TEXT,
   "prompt_json" TEXT,
   "options_json" TEXT,
   "response" TEXT,
   "response_json" TEXT,
   "conversation_id" TEXT REFERENCES "conversations"("id"),
   "duration_ms" INTEGER,
   "datetime_utc" TEXT,
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id")
, "resolved_model" TEXT, "reasoning" TEXT);
CREATE TABLE "conversations" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "model" TEXT
);
CREATE TABLE "tool_calls" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "arguments" TEXT,
   "tool_call_id" TEXT
);
CREATE TABLE "tool_results" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "output" TEXT,
   "tool_call_id" TEXT,
   "instance_id" INTEGER REFERENCES "tool_instances"("id")
, "exception" TEXT);
CREATE TABLE "threads" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "forked_from" TEXT REFERENCES "threads"("id"),
   "datetime_utc" TEXT
);
INSERT INTO threads VALUES ('01m83p8bc1mdv7chzg2wc7rrw7', 'Invented text.', 'b2:e7275b12c18f3264b764a4967222709f', NULL, '2026-11-23 07:52:15.592806+00:00');
INSERT INTO threads VALUES ('01m83p8dc3dfr4jx2h12v18ahs', 'Invented text.', 'b2:db14e70232a010658869003ce8565b20', NULL, '2026-11-23 07:52:17.620996+00:00');
INSERT INTO threads VALUES ('01m83p8k1qmkg96b3nnpc996x9', 'Invented text.', 'b2:e7275b12c18f3264b764a4967222709f', NULL, '2026-11-23 07:52:23.440680+00:00');
INSERT INTO threads VALUES ('01m83p8mrzcpsy1f8ams1yfpaf', 'Invented text.', 'b2:6ba513d57efc70be84bae30f917ad8cb', NULL, '2026-11-23 07:52:26.192270+00:00');
CREATE TABLE "turns" (
   "id" TEXT PRIMARY KEY,
   "thread_id" TEXT REFERENCES "threads"("id"),
   "parent_message_hash" TEXT REFERENCES "messages"("hash"),
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "model" TEXT,
   "resolved_model" TEXT,
   "options_json" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id"),
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "duration_ms" INTEGER,
   "datetime_utc" TEXT
, "response_json" TEXT);
INSERT INTO turns VALUES ('01m83p8bc24thjv7se2qrs06ky', '01m83p8bc1mdv7chzg2wc7rrw7', 'b2:14cbe6c93023120710578d2b901644a4', 'b2:e7275b12c18f3264b764a4967222709f', 'fakechat', NULL, NULL, NULL, 21117, 217, '{"completion_tokens_details": {"reasoning_tokens": 62}, "prompt_tokens_details": {"cached_tokens": 20110}}', 100, '2026-11-23T07:52:15.490637+00:00', '{"content": "Invented text.", "id": "chatcmpl-fake000000000000000000000001", "model": "fake-chat"}');
INSERT INTO turns VALUES ('01m83p8dc5jptqrkb0q79vynan', '01m83p8dc3dfr4jx2h12v18ahs', 'b2:14cbe6c93023120710578d2b901644a4', 'b2:e7275b12c18f3264b764a4967222709f', 'fakechat', NULL, NULL, NULL, 21234, 234, '{"completion_tokens_details": {"reasoning_tokens": 64}, "prompt_tokens_details": {"cached_tokens": 20220}}', 79, '2026-11-23T07:52:17.541118+00:00', '{"content": "Invented text.", "id": "chatcmpl-fake000000000000000000000002", "model": "fake-chat"}');
INSERT INTO turns VALUES ('01m83p8ffhsw8pppa9xt80ggbs', '01m83p8dc3dfr4jx2h12v18ahs', 'b2:dcc2a0a6a9033321bb8db3c0de05dd0b', 'b2:db14e70232a010658869003ce8565b20', 'fakechat', NULL, NULL, NULL, 21351, 251, '{"completion_tokens_details": {"reasoning_tokens": 66}, "prompt_tokens_details": {"cached_tokens": 20330}}', 74, '2026-11-23T07:52:19.697343+00:00', '{"content": "Invented text.", "id": "chatcmpl-fake000000000000000000000003", "model": "fake-chat"}');
INSERT INTO turns VALUES ('01m83p8k1s2bmxre6p9j6ebw7x', '01m83p8k1qmkg96b3nnpc996x9', 'b2:14cbe6c93023120710578d2b901644a4', 'b2:e7275b12c18f3264b764a4967222709f', 'fakechat', NULL, NULL, NULL, 21585, 285, '{"completion_tokens_details": {"reasoning_tokens": 70}, "prompt_tokens_details": {"cached_tokens": 20550}}', 86, '2026-11-23T07:52:23.353769+00:00', '{"content": "Invented text.", "id": "chatcmpl-fake000000000000000000000005", "model": "fake-chat"}');
INSERT INTO turns VALUES ('01m83p8ms0qp390zerm9mx55tw', '01m83p8mrzcpsy1f8ams1yfpaf', 'b2:9434f2755b976f0841236a1d2b6b638d', 'b2:6ba513d57efc70be84bae30f917ad8cb', 'fakechat', NULL, NULL, NULL, 21819, 319, '{"completion_tokens_details": {"reasoning_tokens": 74}, "prompt_tokens_details": {"cached_tokens": 20770}}', 1070, '2026-11-23T07:52:25.120657+00:00', '{"content": "Invented text.", "id": "chatcmpl-fake000000000000000000000007", "model": "fake-chat"}');
CREATE TABLE "messages" (
   "hash" TEXT PRIMARY KEY,
   "parent_hash" TEXT REFERENCES "messages"("hash"),
   "role" TEXT,
   "provider_metadata" TEXT
);
INSERT INTO messages VALUES ('b2:14cbe6c93023120710578d2b901644a4', NULL, 'user', NULL);
INSERT INTO messages VALUES ('b2:e7275b12c18f3264b764a4967222709f', 'b2:14cbe6c93023120710578d2b901644a4', 'assistant', NULL);
INSERT INTO messages VALUES ('b2:dcc2a0a6a9033321bb8db3c0de05dd0b', 'b2:e7275b12c18f3264b764a4967222709f', 'user', NULL);
INSERT INTO messages VALUES ('b2:db14e70232a010658869003ce8565b20', 'b2:dcc2a0a6a9033321bb8db3c0de05dd0b', 'assistant', NULL);
INSERT INTO messages VALUES ('b2:9434f2755b976f0841236a1d2b6b638d', NULL, 'user', NULL);
INSERT INTO messages VALUES ('b2:6ba513d57efc70be84bae30f917ad8cb', 'b2:9434f2755b976f0841236a1d2b6b638d', 'assistant', NULL);
CREATE TABLE "parts" (
   "id" INTEGER PRIMARY KEY,
   "message_hash" TEXT REFERENCES "messages"("hash"),
   "position" INTEGER,
   "type" TEXT,
   "tool_name" TEXT,
   "text" TEXT,
   "payload" TEXT
);
INSERT INTO parts VALUES (1, 'b2:14cbe6c93023120710578d2b901644a4', 0, 'text', NULL, 'Invented text.', NULL);
INSERT INTO parts VALUES (2, 'b2:e7275b12c18f3264b764a4967222709f', 0, 'reasoning', NULL, '', NULL);
INSERT INTO parts VALUES (3, 'b2:e7275b12c18f3264b764a4967222709f', 1, 'text', NULL, 'Invented text.', NULL);
INSERT INTO parts VALUES (4, 'b2:dcc2a0a6a9033321bb8db3c0de05dd0b', 0, 'text', NULL, 'Invented text.', NULL);
INSERT INTO parts VALUES (5, 'b2:db14e70232a010658869003ce8565b20', 0, 'reasoning', NULL, '', NULL);
INSERT INTO parts VALUES (6, 'b2:db14e70232a010658869003ce8565b20', 1, 'text', NULL, 'Invented text.', NULL);
INSERT INTO parts VALUES (7, 'b2:9434f2755b976f0841236a1d2b6b638d', 0, 'text', NULL, 'Invented text.', NULL);
INSERT INTO parts VALUES (8, 'b2:6ba513d57efc70be84bae30f917ad8cb', 0, 'reasoning', NULL, '', NULL);
INSERT INTO parts VALUES (9, 'b2:6ba513d57efc70be84bae30f917ad8cb', 1, 'text', NULL, 'Invented text.', NULL);
