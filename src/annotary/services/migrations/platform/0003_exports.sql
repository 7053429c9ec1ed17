-- Finds the few deleted items among those of an export's chunk.
CREATE INDEX items_deleted ON items (id) WHERE deleted_at IS NOT NULL;
