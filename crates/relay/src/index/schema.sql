-- The relay's index. `position` is block number * 2^20 + log index: one order for everything the chain says.

-- The one contract that this database is about.
CREATE TABLE IF NOT EXISTS deployment (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    block INTEGER NOT NULL
);

-- The newest blocks that were followed; the last one is the cursor.
CREATE TABLE IF NOT EXISTS chain (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    time INTEGER NOT NULL
);

-- Events of members and hospitals, from which their rows are made again after a reorganisation.
CREATE TABLE IF NOT EXISTS registry_event (
    position INTEGER PRIMARY KEY,
    member BLOB,
    hospital INTEGER,
    time INTEGER NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS registry_event_member ON registry_event (member);
CREATE INDEX IF NOT EXISTS registry_event_hospital ON registry_event (hospital);

CREATE TABLE IF NOT EXISTS member (
    member BLOB PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    role INTEGER NOT NULL,
    status INTEGER NOT NULL,
    hospital INTEGER NOT NULL,
    since INTEGER NOT NULL,
    card BLOB NOT NULL,
    profile BLOB,
    proposed_profile BLOB,
    proposed_hospital INTEGER,
    proposed_time INTEGER,
    reason INTEGER
);

CREATE TABLE IF NOT EXISTS hospital (
    hospital INTEGER PRIMARY KEY,
    page BLOB NOT NULL,
    open INTEGER NOT NULL
);

-- Entries of charts; `place` counts from 1 within a chart, `head` is the chart's head after the entry.
CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY,
    chart BLOB NOT NULL,
    place INTEGER NOT NULL,
    party BLOB,
    head BLOB NOT NULL,
    block INTEGER NOT NULL,
    time INTEGER NOT NULL,
    transaction_hash BLOB NOT NULL,
    log INTEGER NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (chart, place)
);
CREATE INDEX IF NOT EXISTS entry_party ON entry (party, position);

-- Records as the events name them. `ended` is where one was replaced or removed; it never comes back.
CREATE TABLE IF NOT EXISTS record (
    chart BLOB NOT NULL,
    manifest BLOB NOT NULL,
    author BLOB NOT NULL,
    added INTEGER NOT NULL,
    ended INTEGER,
    PRIMARY KEY (chart, manifest, author)
);
CREATE INDEX IF NOT EXISTS record_manifest ON record (manifest);
CREATE INDEX IF NOT EXISTS record_added ON record (added);
CREATE INDEX IF NOT EXISTS record_ended ON record (ended);

-- Every change of a grant; the last one holds, 0 is a revocation.
CREATE TABLE IF NOT EXISTS grant_change (
    position INTEGER PRIMARY KEY,
    chart BLOB NOT NULL,
    grantee BLOB NOT NULL,
    scope BLOB NOT NULL,
    expiry INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS grant_change_grantee ON grant_change (grantee, chart, scope, position);

CREATE TABLE IF NOT EXISTS access (
    position INTEGER PRIMARY KEY,
    chart BLOB NOT NULL,
    grantee BLOB NOT NULL,
    scope BLOB NOT NULL,
    time INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS access_grantee ON access (grantee, chart, scope, time);

-- Offers that were claimed. The grant that a claim made is a grant like any other.
CREATE TABLE IF NOT EXISTS claim (
    position INTEGER PRIMARY KEY,
    chart BLOB NOT NULL,
    key BLOB NOT NULL,
    scope BLOB NOT NULL,
    claimer BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS claim_claimer ON claim (claimer, chart);

-- Moves of charts to other accounts; the last one holds.
CREATE TABLE IF NOT EXISTS chart_move (
    position INTEGER PRIMARY KEY,
    chart BLOB NOT NULL,
    account BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS chart_move_chart ON chart_move (chart, position);

-- Blocks that events name, and what each must be to count. A scope stands with the envelopes of offers alone.
CREATE TABLE IF NOT EXISTS mention (
    position INTEGER NOT NULL,
    cid BLOB NOT NULL,
    form INTEGER NOT NULL,
    subject BLOB NOT NULL,
    party BLOB,
    scope BLOB,
    PRIMARY KEY (position, form, cid)
);
CREATE INDEX IF NOT EXISTS mention_cid ON mention (cid);

-- Blocks that were taken in. `stored` is 0 from before the store is asked until it has answered.
CREATE TABLE IF NOT EXISTS block (
    cid BLOB PRIMARY KEY,
    form INTEGER NOT NULL,
    subject BLOB,
    party BLOB,
    scope BLOB,
    signin BLOB,
    size INTEGER NOT NULL,
    file_size INTEGER NOT NULL,
    time INTEGER NOT NULL,
    stored INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS block_time ON block (time);

CREATE TABLE IF NOT EXISTS link (
    parent BLOB NOT NULL,
    relation INTEGER NOT NULL,
    child BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (parent, relation, child)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS link_child ON link (child, relation);

CREATE TABLE IF NOT EXISTS manifest (
    cid BLOB PRIMARY KEY,
    chart BLOB NOT NULL,
    author BLOB NOT NULL,
    folder BLOB NOT NULL,
    record BLOB NOT NULL
);

-- Who has sent which block, in any session.
CREATE TABLE IF NOT EXISTS sent (
    cid BLOB NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (cid, member)
) WITHOUT ROWID;

-- Opened by a sign-in key or by the wallet of an account.
CREATE TABLE IF NOT EXISTS session (
    token BLOB PRIMARY KEY,
    member BLOB NOT NULL,
    signin BLOB,
    wallet BLOB,
    expires INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS word (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    chart BLOB NOT NULL,
    time INTEGER NOT NULL,
    member BLOB NOT NULL,
    cid BLOB NOT NULL,
    scope BLOB,
    delivered INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS word_chart ON word (chart, seq);

-- Members' acts that were sent and paid for; the last day's count towards the quotas.
CREATE TABLE IF NOT EXISTS payment (
    transaction_hash BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    nonce INTEGER NOT NULL,
    digest BLOB NOT NULL,
    time INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_account ON payment (account, nonce);
CREATE INDEX IF NOT EXISTS payment_time ON payment (time);

-- What members note for themselves: one block each, replaced by those with a higher counter.
CREATE TABLE IF NOT EXISTS notebook (
    member BLOB PRIMARY KEY,
    counter INTEGER NOT NULL,
    block BLOB NOT NULL
);
