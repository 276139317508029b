-- A change can be undone, and an undo too. The entry that undoes another names it; nothing is undone twice.
ALTER TABLE changes ADD COLUMN undoes TEXT;
CREATE UNIQUE INDEX changes_undoes ON changes (workspace, undoes) WHERE undoes IS NOT NULL;

-- The forwarding addresses that a merge led on to its survivor.
ALTER TABLE changes ADD COLUMN forwarded TEXT;

-- A life passes each stage once, among the changes that stand. Those that do not are NULL, which equals nothing.
ALTER TABLE changes ADD COLUMN stands INTEGER DEFAULT 1;
DROP INDEX changes_subject;
CREATE UNIQUE INDEX changes_subject ON changes (workspace, subject_id, from_role, stands);
