-- name: session
-- The server's process behind this connection, and the port it serves.
SELECT pg_backend_pid() AS process_id, coalesce(inet_client_port(), -1) AS client_port
