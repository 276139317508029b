-- Every list and search of conversations asks which snoozes of the workspace are over.
CREATE INDEX conversations_due ON conversations (workspace, snoozed_until) WHERE snoozed_until IS NOT NULL;
