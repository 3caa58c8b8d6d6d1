-- name: compare_logs
SELECT CASE WHEN b.branch IS NULL THEN 'no change gives it' ELSE 'differs in'
    || CASE WHEN a.log IS NOT b.log THEN ' log' ELSE '' END || CASE WHEN a.author IS NOT b.author THEN ' author' ELSE '' END
    || CASE WHEN a.name IS NOT b.name THEN ' name' ELSE '' END || CASE WHEN a.seq IS NOT b.seq THEN ' seq' ELSE '' END
    || CASE WHEN a.head IS NOT b.head THEN ' head' ELSE '' END || CASE WHEN a.time IS NOT b.time THEN ' time' ELSE '' END
    || CASE WHEN (a.parent, a.fork) IS NOT (b.parent, b.fork) THEN ' fork' ELSE '' END END, a.branch
FROM main.logs a LEFT JOIN scratch.logs b ON b.branch = a.branch
WHERE a.log IS NOT b.log OR a.author IS NOT b.author OR a.name IS NOT b.name OR a.seq IS NOT b.seq OR a.head IS NOT b.head OR a.time IS NOT b.time
  OR (a.parent, a.fork) IS NOT (b.parent, b.fork)
UNION ALL
SELECT 'is missing', b.branch FROM scratch.logs b LEFT JOIN main.logs a ON a.branch = b.branch WHERE a.branch IS NULL;
-- name: compare_branch_heads
SELECT CASE WHEN b.branch IS NULL THEN 'no change gives it' ELSE 'differs' END, a.branch, a.seq
FROM main.branch_heads a LEFT JOIN scratch.branch_heads b ON b.head = a.head AND b.seq = a.seq
WHERE a.branch IS NOT b.branch
UNION ALL
SELECT 'is missing', b.branch, b.seq
FROM scratch.branch_heads b LEFT JOIN main.branch_heads a ON a.head = b.head AND a.seq = b.seq WHERE a.branch IS NULL;
-- name: compare_runs
SELECT CASE WHEN b.first IS NULL THEN 'no change gives it' ELSE 'differs' END, a.first
FROM main.runs a LEFT JOIN scratch.runs b ON b.first = a.first
WHERE a.branch IS NOT b.branch OR a.base IS NOT b.base OR a.last IS NOT b.last OR a.base_head IS NOT b.base_head
  OR a.head IS NOT b.head OR a.signature IS NOT b.signature OR a.bytes IS NOT b.bytes
UNION ALL
SELECT 'is missing', b.first FROM scratch.runs b LEFT JOIN main.runs a ON a.first = b.first WHERE a.first IS NULL;
-- name: compare_space_changes
SELECT 'no change gives it', a.arrival FROM main.space_changes a LEFT JOIN scratch.space_changes b ON b.arrival = a.arrival WHERE b.arrival IS NULL
UNION ALL
SELECT 'is missing', b.arrival FROM scratch.space_changes b LEFT JOIN main.space_changes a ON a.arrival = b.arrival WHERE a.arrival IS NULL;
-- name: compare_contexts
SELECT CASE WHEN b.branch IS NULL THEN 'no change gives it' ELSE 'differs' END, a.branch, a.seq
FROM main.contexts a LEFT JOIN scratch.contexts b ON b.branch = a.branch AND b.seq = a.seq
WHERE a.is_full IS NOT b.is_full OR a.entries IS NOT b.entries
UNION ALL
SELECT 'is missing', b.branch, b.seq
FROM scratch.contexts b LEFT JOIN main.contexts a ON a.branch = b.branch AND a.seq = b.seq WHERE a.branch IS NULL;
-- name: compare_nodes
SELECT CASE WHEN b.n IS NULL THEN 'no change gives it' ELSE 'differs in'
    || CASE WHEN a.type IS NOT b.type THEN ' type' ELSE '' END || CASE WHEN a.alive IS NOT b.alive THEN ' alive' ELSE '' END
    || CASE WHEN a.conflicts IS NOT b.conflicts THEN ' conflicts' ELSE '' END || CASE WHEN a.data IS NOT b.data THEN ' data' ELSE '' END
    || CASE WHEN a.clocks IS NOT b.clocks THEN ' clocks' ELSE '' END || CASE WHEN a.vector IS NOT b.vector THEN ' vector' ELSE '' END END, a.id
FROM main.nodes a LEFT JOIN scratch.nodes b ON b.id = a.id
-- A row without any write shows nothing: it only gives a number to an id that something named.
WHERE (b.n IS NULL AND (a.alive <> 0 OR a.conflicts <> 0 OR a.type <> '' OR a.data <> '{}' OR length(a.clocks) > 0 OR length(a.vector) > 0))
  OR (b.n IS NOT NULL AND (a.type IS NOT b.type OR a.alive IS NOT b.alive OR a.conflicts IS NOT b.conflicts OR a.data IS NOT b.data
    OR a.clocks IS NOT b.clocks OR a.vector IS NOT b.vector))
UNION ALL
SELECT 'is missing', b.id FROM scratch.nodes b LEFT JOIN main.nodes a ON a.id = b.id WHERE a.n IS NULL;
-- name: compare_edges
SELECT CASE WHEN b.n IS NULL THEN 'no change gives it' ELSE 'differs in'
    || CASE WHEN a.alive IS NOT b.alive THEN ' alive' ELSE '' END || CASE WHEN a.conflicts IS NOT b.conflicts THEN ' conflicts' ELSE '' END
    || CASE WHEN a.data IS NOT b.data THEN ' data' ELSE '' END || CASE WHEN a.clocks IS NOT b.clocks THEN ' clocks' ELSE '' END
    || CASE WHEN (a.link_time, a.link_branch, a.link_seq, a.link_idx) IS NOT (b.link_time, b.link_branch, b.link_seq, b.link_idx)
      THEN ' link' ELSE '' END END,
  f.id, a.relation, t.id, a.key
FROM main.edges a LEFT JOIN main.nodes f ON f.n = a.from_n LEFT JOIN main.nodes t ON t.n = a.to_n
  LEFT JOIN scratch.nodes bf ON bf.id = f.id LEFT JOIN scratch.nodes bt ON bt.id = t.id
  LEFT JOIN scratch.edges b ON b.from_n = bf.n AND b.relation = a.relation AND b.to_n = bt.n AND b.key = a.key
WHERE b.n IS NULL OR a.alive IS NOT b.alive OR a.conflicts IS NOT b.conflicts OR a.data IS NOT b.data OR a.clocks IS NOT b.clocks
  OR (a.link_time, a.link_branch, a.link_seq, a.link_idx) IS NOT (b.link_time, b.link_branch, b.link_seq, b.link_idx)
UNION ALL
SELECT 'is missing', f.id, b.relation, t.id, b.key
FROM scratch.edges b JOIN scratch.nodes f ON f.n = b.from_n JOIN scratch.nodes t ON t.n = b.to_n
  LEFT JOIN main.nodes af ON af.id = f.id LEFT JOIN main.nodes at ON at.id = t.id
  LEFT JOIN main.edges a ON a.from_n = af.n AND a.relation = b.relation AND a.to_n = at.n AND a.key = b.key
WHERE a.n IS NULL;
-- name: compare_moves
SELECT CASE WHEN b.node IS NULL THEN 'no change gives it' ELSE 'differs' END, c.id
FROM main.moves a LEFT JOIN main.nodes c ON c.n = a.node LEFT JOIN main.nodes p ON p.n = a.parent
  LEFT JOIN scratch.nodes bc ON bc.id = c.id
  LEFT JOIN scratch.moves b ON b.node = bc.n AND b.time = a.time AND b.branch = a.branch AND b.seq = a.seq AND b.idx = a.idx
  LEFT JOIN scratch.nodes bp ON bp.n = b.parent
WHERE b.node IS NULL OR p.id IS NOT bp.id OR (a.parent = 0) IS NOT (b.parent = 0) OR a.position IS NOT b.position OR a.skipped IS NOT b.skipped
UNION ALL
SELECT 'is missing', c.id
FROM scratch.moves b JOIN scratch.nodes c ON c.n = b.node LEFT JOIN main.nodes ac ON ac.id = c.id
  LEFT JOIN main.moves a ON a.node = ac.n AND a.time = b.time AND a.branch = b.branch AND a.seq = b.seq AND a.idx = b.idx
WHERE a.node IS NULL;
-- name: compare_tree
SELECT CASE WHEN b.node IS NULL THEN 'no change gives it' ELSE 'differs' END, c.id
FROM main.tree a LEFT JOIN main.nodes c ON c.n = a.node LEFT JOIN main.nodes p ON p.n = a.parent
  LEFT JOIN scratch.nodes bc ON bc.id = c.id LEFT JOIN scratch.tree b ON b.node = bc.n LEFT JOIN scratch.nodes bp ON bp.n = b.parent
WHERE b.node IS NULL OR p.id IS NOT bp.id OR (a.parent = 0) IS NOT (b.parent = 0) OR a.position IS NOT b.position
  OR a.time IS NOT b.time OR a.branch IS NOT b.branch OR a.seq IS NOT b.seq OR a.idx IS NOT b.idx
UNION ALL
SELECT 'is missing', c.id
FROM scratch.tree b JOIN scratch.nodes c ON c.n = b.node LEFT JOIN main.nodes ac ON ac.id = c.id LEFT JOIN main.tree a ON a.node = ac.n
WHERE a.node IS NULL;
-- name: compare_to_one
SELECT 'no change gives it', a.relation FROM main.to_one a LEFT JOIN scratch.to_one b ON b.relation = a.relation WHERE b.relation IS NULL
UNION ALL
SELECT 'is missing', b.relation FROM scratch.to_one b LEFT JOIN main.to_one a ON a.relation = b.relation WHERE a.relation IS NULL;
-- name: compare_schema
SELECT CASE WHEN b.name IS NULL THEN 'is not part of the format' ELSE 'is not written as the format has it' END, a.type, a.name
FROM main.sqlite_master a LEFT JOIN scratch.sqlite_master b ON b.type = a.type AND b.name = a.name
WHERE a.sql IS NOT b.sql AND a.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND NOT (a.type = 'table' AND a.name = 'backup')
UNION ALL
SELECT 'is missing', b.type, b.name
FROM scratch.sqlite_master b LEFT JOIN main.sqlite_master a ON a.type = b.type AND a.name = b.name WHERE a.name IS NULL;
