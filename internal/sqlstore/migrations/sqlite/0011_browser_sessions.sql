-- By what a browser stays the user that its site once proved it to be. The former name will be needed for something else.
ALTER TABLE tickets RENAME TO browser_sessions;
DROP INDEX tickets_person;
DROP INDEX tickets_expires;
CREATE INDEX browser_sessions_person ON browser_sessions (workspace, person_id);
CREATE INDEX browser_sessions_expires ON browser_sessions (workspace, expires_at);
