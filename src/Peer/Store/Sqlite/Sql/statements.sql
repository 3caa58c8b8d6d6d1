-- name: begin
BEGIN;
-- name: begin_immediate
BEGIN IMMEDIATE;
-- name: commit
COMMIT;
-- name: rollback
ROLLBACK;
-- name: data_version
PRAGMA data_version;
-- name: load_meta
SELECT value FROM meta WHERE name = ?1;
-- name: save_meta
INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
-- name: delete_meta
DELETE FROM meta WHERE name = ?1;
-- name: load_logs
SELECT branch, log, author, name, seq, head, time, parent, fork FROM logs ORDER BY branch;
-- name: save_log
INSERT INTO logs (branch, log, author, name, seq, head, time, parent, fork) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (branch) DO UPDATE SET seq = excluded.seq, head = excluded.head, time = excluded.time;
-- name: append_branch_head
INSERT OR IGNORE INTO branch_heads (head, seq, branch) VALUES (?1, ?2, ?3);
-- name: find_branch_head
SELECT branch FROM branch_heads WHERE head = ?1 AND seq = ?2;
-- name: last_arrival
SELECT coalesce(max(arrival), 0) FROM changes;
-- name: append_change
INSERT INTO changes (arrival, branch, seq, body) VALUES (?1, ?2, ?3, ?4);
-- name: append_space_change
INSERT INTO space_changes (arrival) VALUES (?1);
-- name: append_run
INSERT INTO runs (first, branch, base, last, base_head, head, signature, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
-- name: append_context
INSERT INTO contexts (branch, seq, is_full, entries) VALUES (?1, ?2, ?3, ?4);
-- name: read_contexts
SELECT branch, seq, is_full, entries FROM contexts
WHERE branch = ?1 AND seq <= ?2
  AND seq >= coalesce((SELECT max(seq) FROM contexts WHERE branch = ?1 AND seq <= ?2 AND is_full = 1), 0)
ORDER BY seq;
-- name: find_run
SELECT first, branch, base, last, base_head, head, signature, bytes FROM runs
WHERE branch = ?1 AND last >= ?2 ORDER BY last LIMIT 1;
-- name: read_changes
SELECT c.arrival, c.branch, c.seq, c.body
FROM runs r JOIN changes c ON c.arrival BETWEEN r.first AND r.first + (r.last - r.base - 1)
WHERE r.branch = ?1 AND r.last >= ?2 AND r.base < ?3 AND c.seq BETWEEN ?2 AND ?3
ORDER BY r.last, c.arrival;
-- name: read_space_changes
SELECT c.arrival, c.branch, c.seq, c.body FROM space_changes s JOIN changes c ON c.arrival = s.arrival ORDER BY s.arrival;
-- name: load_node
SELECT alive, type, data, clocks, vector, conflicts, n FROM nodes WHERE id = ?1;
-- name: update_node
UPDATE nodes SET type = ?2, alive = ?3, data = ?4, clocks = ?5, vector = ?6, conflicts = ?7 WHERE n = ?1;
-- name: save_node
INSERT INTO nodes (id, type, alive, data, clocks, vector, conflicts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO UPDATE SET type = excluded.type, alive = excluded.alive, data = excluded.data, clocks = excluded.clocks,
  vector = excluded.vector, conflicts = excluded.conflicts;
-- name: node_number
SELECT n FROM nodes WHERE id = ?1;
-- name: load_edge
SELECT alive, data, clocks, conflicts, link_time, link_branch, link_seq, link_idx FROM edges WHERE from_n = ?1 AND relation = ?2 AND to_n = ?3 AND key = ?4;
-- name: save_edge
INSERT INTO edges
  (from_n, relation, to_n, key, alive, data, clocks, conflicts, link_time, link_branch, link_seq, link_idx)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (from_n, relation, to_n, key) DO UPDATE SET alive = excluded.alive, data = excluded.data, clocks = excluded.clocks,
  conflicts = excluded.conflicts, link_time = excluded.link_time, link_branch = excluded.link_branch,
  link_seq = excluded.link_seq, link_idx = excluded.link_idx;
-- name: alive_edges
SELECT t.id, e.key FROM edges e JOIN nodes t ON t.n = e.to_n WHERE e.from_n = ?1 AND e.relation = ?2 AND e.alive = 1;
-- name: clear_to_one
DELETE FROM to_one;
-- name: save_to_one
INSERT INTO to_one (relation) VALUES (?1);
-- name: load_to_one
SELECT relation FROM to_one ORDER BY relation;
-- name: node_conflicts
SELECT id, alive, type, data, clocks, vector FROM nodes WHERE conflicts = 1 ORDER BY id;
-- name: edge_conflicts
SELECT f.id, e.relation, t.id, e.key, e.alive, e.data, e.clocks
FROM edges e CROSS JOIN nodes f CROSS JOIN nodes t WHERE e.conflicts = 1 AND f.n = e.from_n AND t.n = e.to_n;
-- name: read_edge
SELECT e.alive, e.data, e.clocks, e.conflicts, e.link_time, e.link_branch, e.link_seq, e.link_idx
FROM nodes f JOIN edges e ON e.from_n = f.n JOIN nodes t ON t.n = e.to_n
WHERE f.id = ?1 AND e.relation = ?2 AND t.id = ?3 AND e.key = ?4;
-- name: read_edges_in_relation
SELECT f.id, e.relation, t.id, e.key, e.data, e.link_time, e.link_branch, e.link_seq, e.link_idx
FROM nodes f JOIN edges e ON e.from_n = f.n JOIN nodes t ON t.n = e.to_n
WHERE f.id = ?1 AND f.alive = 1 AND e.relation = ?2 AND e.alive = 1 AND t.alive = 1;
-- name: get_node
SELECT type, data, vector FROM nodes WHERE id = ?1 AND alive = 1;
-- name: read_nodes
SELECT id, type, data, vector FROM nodes WHERE alive = 1 AND id >= ?1 ORDER BY id;
-- name: read_edges
SELECT f.id, e.relation, t.id, e.key, e.data, e.link_time, e.link_branch, e.link_seq, e.link_idx
FROM nodes f CROSS JOIN edges e CROSS JOIN nodes t
WHERE f.alive = 1 AND e.from_n = f.n AND e.alive = 1 AND t.n = e.to_n AND t.alive = 1
ORDER BY f.id;
-- name: read_edges_from
SELECT f.id, e.relation, t.id, e.key, e.data, e.link_time, e.link_branch, e.link_seq, e.link_idx
FROM nodes f JOIN edges e ON e.from_n = f.n JOIN nodes t ON t.n = e.to_n
WHERE f.id = ?1 AND f.alive = 1 AND e.alive = 1 AND t.alive = 1
ORDER BY e.relation, t.id, e.key;
-- name: read_edges_to
SELECT f.id, e.relation, t.id, e.key, e.data, e.link_time, e.link_branch, e.link_seq, e.link_idx
FROM nodes t JOIN edges e ON e.to_n = t.n JOIN nodes f ON f.n = e.from_n
WHERE t.id = ?1 AND f.alive = 1 AND e.alive = 1 AND t.alive = 1
ORDER BY f.id, e.relation, e.key;
-- name: read_log
SELECT arrival, branch, seq, body FROM changes WHERE arrival > ?1 ORDER BY arrival;
-- name: read_log_backwards
SELECT arrival, branch, seq, body FROM changes WHERE arrival < ?1 ORDER BY arrival DESC;
-- name: read_runs
SELECT first, branch, base, last, base_head, head, signature, bytes FROM runs WHERE first > ?1 ORDER BY first;
-- name: read_run_changes
SELECT body FROM changes WHERE arrival BETWEEN ?1 AND ?2 ORDER BY arrival;
-- name: count_nodes
SELECT count(*) FROM nodes WHERE alive = 1;
-- name: count_edges
SELECT count(*) FROM edges WHERE alive = 1;
-- name: parent_of
SELECT parent, position FROM tree WHERE node = ?1;
-- name: has_children
SELECT 1 FROM tree WHERE parent = ?1 LIMIT 1;
-- name: read_moves
SELECT parent, time, branch, seq, idx, skipped FROM moves
WHERE node = ?1
  AND time >= coalesce((SELECT max(time) FROM moves WHERE node = ?1 AND time < ?2 AND skipped = 0), ?2);
-- name: add_move
INSERT INTO moves (node, time, branch, seq, idx, parent, position, skipped) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
-- name: set_skipped
UPDATE moves SET skipped = ?6 WHERE node = ?1 AND time = ?2 AND branch = ?3 AND seq = ?4 AND idx = ?5;
-- name: place
INSERT OR REPLACE INTO tree (node, parent, position, time, branch, seq, idx)
SELECT node, parent, position, time, branch, seq, idx FROM moves
WHERE node = ?1 AND time = ?2 AND branch = ?3 AND seq = ?4 AND idx = ?5;
-- name: place_nowhere
DELETE FROM tree WHERE node = ?1;
-- name: next_position
SELECT position FROM tree WHERE parent = ?1 AND position > ?2 AND node <> ?3 ORDER BY position LIMIT 1;
-- name: last_position
SELECT position FROM tree WHERE parent = ?1 AND node <> ?2 ORDER BY position DESC LIMIT 1;
-- name: read_placed
SELECT c.id, t.position, t.time, t.branch, t.seq, t.idx FROM tree t JOIN nodes c ON c.n = t.node WHERE t.parent = ?1;
-- name: read_alive_placed
SELECT c.id, t.position, t.time, t.branch, t.seq, t.idx
FROM tree t CROSS JOIN nodes c ON c.n = t.node WHERE t.parent = ?1 AND c.alive = 1;
-- name: find_place
SELECT t.parent, p.id, c.alive FROM nodes c JOIN tree t ON t.node = c.n LEFT JOIN nodes p ON p.n = t.parent WHERE c.id = ?1;
-- name: read_cut_off
SELECT c.id, p.id
FROM tree t JOIN nodes c ON c.n = t.node JOIN nodes p ON p.n = t.parent LEFT JOIN tree above ON above.node = t.parent
WHERE c.alive = 1 AND (p.alive = 0 OR above.node IS NULL)
ORDER BY c.id;
-- name: read_skipped
SELECT c.id, p.id, m.time, m.branch, m.seq, m.idx, t.time, t.branch, t.seq, t.idx, t.parent, h.id
FROM moves m JOIN nodes c ON c.n = m.node JOIN nodes p ON p.n = m.parent
LEFT JOIN tree t ON t.node = m.node LEFT JOIN nodes h ON h.n = t.parent
WHERE m.skipped = 1;
-- name: read_skipped_of
SELECT c.id, p.id, m.time, m.branch, m.seq, m.idx, t.time, t.branch, t.seq, t.idx, t.parent, h.id
FROM nodes c JOIN moves m ON m.node = c.n JOIN nodes p ON p.n = m.parent
LEFT JOIN tree t ON t.node = m.node LEFT JOIN nodes h ON h.n = t.parent
WHERE c.id = ?1 AND m.skipped = 1;
-- name: find_waypoint
SELECT least, greatest FROM waypoints WHERE waypoint = ?1;
-- name: save_waypoint
INSERT INTO waypoints (waypoint, least, greatest) VALUES (?1, ?2, ?3)
ON CONFLICT (waypoint) DO UPDATE SET least = excluded.least, greatest = excluded.greatest;
-- name: trim_waypoints
DELETE FROM waypoints WHERE n <= (SELECT max(n) FROM waypoints) - ?1;
-- name: clear_waypoints
DELETE FROM waypoints;
