-- name: counts
-- How much work one modality holds.
SELECT (SELECT count(*) FROM tasks) AS tasks,
    (SELECT count(*) FROM submissions) AS submissions,
    (SELECT count(*) FROM outcomes WHERE superseded_at IS NULL) AS outcomes
