-- name: create_database
-- The one database of an embedded server; fed to the single-user server right after initdb, which reads one line.
CREATE DATABASE annotary
