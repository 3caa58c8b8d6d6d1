-- A space, store format 2. Nothing here is newer than SQLite 3.35.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;

-- A forked log has several rows: parent is the branch that this one leaves behind change fork, or -1.
CREATE TABLE logs (
  branch INTEGER PRIMARY KEY,
  log    BLOB NOT NULL,
  author BLOB NOT NULL,
  name   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  head   BLOB NOT NULL,
  time   INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  fork   INTEGER NOT NULL
);

-- The chain head at each change of a branch that has a parent.
CREATE TABLE branch_heads (
  head   BLOB NOT NULL,
  seq    INTEGER NOT NULL,
  branch INTEGER NOT NULL,
  PRIMARY KEY (head, seq)
) WITHOUT ROWID;

-- arrival is this replica's order of application; body is exactly the bytes of the change.
CREATE TABLE changes (
  arrival INTEGER PRIMARY KEY,
  branch  INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  body    BLOB NOT NULL
);

CREATE TABLE runs (
  first     INTEGER PRIMARY KEY,
  branch    INTEGER NOT NULL,
  base      INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  base_head BLOB NOT NULL,
  head      BLOB NOT NULL,
  signature BLOB NOT NULL,
  bytes     INTEGER NOT NULL
);
CREATE UNIQUE INDEX runs_by_branch ON runs (branch, last);

-- Arrivals of changes with operations on the space: membership is folded from them at open.
CREATE TABLE space_changes (arrival INTEGER PRIMARY KEY);

CREATE TABLE contexts (
  branch  INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  is_full INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (branch, seq)
) WITHOUT ROWID;

-- A node that is only linked to has a row too, with empty clocks.
CREATE TABLE nodes (
  n         INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  type      TEXT NOT NULL,
  alive     INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,
  data      TEXT NOT NULL,
  clocks    BLOB NOT NULL,
  vector    BLOB NOT NULL
);
CREATE INDEX nodes_in_conflict ON nodes (id) WHERE conflicts = 1;

CREATE TABLE edges (
  n         INTEGER PRIMARY KEY,
  from_n    INTEGER NOT NULL,
  relation  TEXT NOT NULL,
  to_n      INTEGER NOT NULL,
  key       TEXT NOT NULL,
  alive     INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,
  data      TEXT NOT NULL,
  clocks    BLOB NOT NULL,

  -- The stamp of the link that shows: it orders the edges of a to-one relation. link_seq 0 for none.
  link_time   INTEGER NOT NULL,
  link_branch INTEGER NOT NULL,
  link_seq    INTEGER NOT NULL,
  link_idx    INTEGER NOT NULL
);
CREATE UNIQUE INDEX edges_by_from ON edges (from_n, relation, to_n, key);
CREATE INDEX edges_by_to ON edges (to_n);
CREATE INDEX edges_in_conflict ON edges (n) WHERE conflicts = 1;

-- Every move. time is that of its stamp with the sign turned, so that it sorts; parent 0 is the top of the tree.
CREATE TABLE moves (
  node     INTEGER NOT NULL,
  time     INTEGER NOT NULL,
  branch   INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  idx      INTEGER NOT NULL,
  parent   INTEGER NOT NULL,
  position BLOB NOT NULL,
  skipped  INTEGER NOT NULL,
  PRIMARY KEY (node, time, branch, seq, idx)
) WITHOUT ROWID;
CREATE INDEX moves_skipped ON moves (node) WHERE skipped = 1;

-- The last move of each node that was not skipped.
CREATE TABLE tree (
  node     INTEGER PRIMARY KEY,
  parent   INTEGER NOT NULL,
  position BLOB NOT NULL,
  time     INTEGER NOT NULL,
  branch   INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  idx      INTEGER NOT NULL
);
CREATE INDEX tree_by_parent ON tree (parent, position);

-- Where the log being written may go on counting; n is the order in which they were opened.
CREATE TABLE waypoints (
  n        INTEGER PRIMARY KEY,
  waypoint BLOB NOT NULL UNIQUE,
  least    INTEGER NOT NULL,
  greatest INTEGER NOT NULL
);

-- The relations of which a node shows one edge only.
CREATE TABLE to_one (relation TEXT PRIMARY KEY) WITHOUT ROWID;

-- For people with an SQLite tool: what shows.
CREATE VIEW visible_nodes AS
  SELECT id, type, data FROM nodes WHERE alive = 1;

CREATE VIEW visible_fields AS
  SELECT n.id, f.key AS name, f.value, f.type FROM nodes n JOIN json_each(n.data) f WHERE n.alive = 1;

CREATE VIEW visible_edges AS
  SELECT f.id AS from_id, e.relation, t.id AS to_id, e.key, e.data
  FROM edges e JOIN nodes f ON f.n = e.from_n JOIN nodes t ON t.n = e.to_n
  LEFT JOIN logs l ON l.branch = e.link_branch AND e.link_seq > 0
  WHERE e.alive = 1 AND f.alive = 1 AND t.alive = 1 AND NOT (
    -- Of a to-one relation the edge whose link is last shows; those without a link come behind, by to and key.
    EXISTS (SELECT 1 FROM to_one o WHERE o.relation = e.relation) AND EXISTS (
      SELECT 1 FROM edges r JOIN nodes rt ON rt.n = r.to_n LEFT JOIN logs rl ON rl.branch = r.link_branch AND r.link_seq > 0
      WHERE r.from_n = e.from_n AND r.relation = e.relation AND r.alive = 1 AND rt.alive = 1
        AND (r.link_seq > 0, r.link_time, coalesce(rl.log, x''), r.link_idx, t.id, e.key)
          > (e.link_seq > 0, e.link_time, coalesce(l.log, x''), e.link_idx, rt.id, r.key)));

CREATE VIEW visible_tree AS
  WITH RECURSIVE shown (n, parent, depth, position) AS (
    SELECT t.node, 0, 0, t.position FROM tree t JOIN nodes c ON c.n = t.node WHERE t.parent = 0 AND c.alive = 1
    UNION ALL
    SELECT t.node, t.parent, s.depth + 1, t.position
    FROM shown s JOIN tree t ON t.parent = s.n JOIN nodes c ON c.n = t.node WHERE c.alive = 1
  )
  SELECT c.id, p.id AS parent_id, s.depth, s.position FROM shown s JOIN nodes c ON c.n = s.n LEFT JOIN nodes p ON p.n = s.parent;
