-- A list as version 4 wrote it. Never edited.
CREATE TABLE accounts (
    name TEXT NOT NULL PRIMARY KEY,
    base_url TEXT NOT NULL
) STRICT;
CREATE TABLE videos (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    video_id TEXT NOT NULL,
    added_at_s REAL NOT NULL,
    status TEXT NOT NULL,
    status_code INTEGER,
    message TEXT NOT NULL,
    url TEXT NOT NULL,
    prompt TEXT NOT NULL,
    negative_prompt TEXT NOT NULL,
    style TEXT NOT NULL,
    seed INTEGER,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    has_audio INTEGER,
    credits INTEGER,
    created_at_s REAL,
    modified_at_s REAL,
    ended_at_s REAL,
    no_file_since_s REAL,
    second_look_done INTEGER NOT NULL,
    saved_path TEXT NOT NULL,
    saved_bytes INTEGER NOT NULL,
    trace_id TEXT NOT NULL,
    raw TEXT NOT NULL,
    removed_at_s REAL,
    UNIQUE (account, video_id)
) STRICT;
CREATE TABLE marks (
    account TEXT NOT NULL,
    video_id TEXT NOT NULL,
    tags TEXT NOT NULL,
    rating INTEGER NOT NULL,
    is_rejected INTEGER NOT NULL,
    note TEXT NOT NULL,
    batch TEXT NOT NULL,
    PRIMARY KEY (account, video_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE views (
    name TEXT NOT NULL PRIMARY KEY,
    query TEXT NOT NULL
) STRICT;
CREATE TABLE attempts (
    account TEXT NOT NULL,
    video_id TEXT NOT NULL,
    last_at_s REAL NOT NULL,
    runs TEXT NOT NULL,
    PRIMARY KEY (account, video_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE saves (
    account TEXT NOT NULL,
    video_id TEXT NOT NULL,
    folder TEXT NOT NULL,
    queued_at_s REAL NOT NULL,
    reason TEXT NOT NULL,
    is_over INTEGER NOT NULL,
    PRIMARY KEY (account, video_id)
) STRICT, WITHOUT ROWID;
INSERT INTO accounts VALUES ('default', 'https://app-api.pixverse.ai');
INSERT INTO videos VALUES (1, 'default', '18446744073709551615', 1000.5, 'ready', 1, '', 'https://media.pixverse.ai/a.mp4',
    'a fox', '', '', 7, 1280, 720, 9, 1, 45, 900.0, 950.0, 1060.0, NULL, 1, '/clips/a.mp4', 9, 't', '{}', NULL);
INSERT INTO videos VALUES (2, 'default', '9', 1001.5, 'waiting', 5, '', '', '', '', '', NULL, 0, 0, 0, NULL, NULL,
    NULL, NULL, NULL, NULL, 0, '', 0, '', '', 2000.0);
INSERT INTO videos VALUES (3, 'default', '391504857968062', 1002.5, 'unknown', 42, '', '', '', '', '', NULL, 0, 0, 0,
    NULL, NULL, NULL, NULL, NULL, NULL, 0, '', 0, '', '', NULL);
INSERT INTO marks VALUES ('default', '391504857968062', '["hero", "夜"]', 4, 1, 'a note', 'drop 1');
INSERT INTO views VALUES ('heroes', 'tag:hero');
INSERT INTO attempts VALUES ('default', '391504857968062', 1061.5,
    '[[1003.5, 1058.5, 12, 5, "waiting", ["t1", "t2"]], [1061.5, 1061.5, 1, null, "no answer came", []]]');
INSERT INTO saves VALUES ('default', '18446744073709551615', '/clips', 1070.5, 'The disk is full.', 0);
INSERT INTO saves VALUES ('default', '391504857968062', '/other', 1071.5, '', 1);
PRAGMA user_version = 4;
