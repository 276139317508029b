-- The version of the definitions of custom attributes, by which servers know whether what they remember still counts.
ALTER TABLE workspaces ADD COLUMN definitions BIGINT;
