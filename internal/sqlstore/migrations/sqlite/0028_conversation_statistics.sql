-- How fast conversations were answered, as far as their parts tell.
ALTER TABLE conversations ADD COLUMN first_assignment_at INTEGER;
ALTER TABLE conversations ADD COLUMN last_assignment_at INTEGER;
ALTER TABLE conversations ADD COLUMN routed_at INTEGER;
ALTER TABLE conversations ADD COLUMN first_admin_reply_at INTEGER;
ALTER TABLE conversations ADD COLUMN last_admin_reply_at INTEGER;
ALTER TABLE conversations ADD COLUMN last_assignment_reply_at INTEGER;
ALTER TABLE conversations ADD COLUMN last_contact_reply_at INTEGER;
ALTER TABLE conversations ADD COLUMN first_close_at INTEGER;
ALTER TABLE conversations ADD COLUMN last_close_at INTEGER;
ALTER TABLE conversations ADD COLUMN closed_by INTEGER;
ALTER TABLE conversations ADD COLUMN asked_at INTEGER;
ALTER TABLE conversations ADD COLUMN reopens INTEGER;
ALTER TABLE conversations ADD COLUMN assignments INTEGER;
ALTER TABLE conversations ADD COLUMN median_reply_time INTEGER;
-- JSON.
ALTER TABLE conversations ADD COLUMN pace TEXT;
INSERT INTO chores (name) VALUES ('statistics');
