-- Tokens have an end and a last use. Those that could do everything still can, now that settings and secrets have scopes of
-- their own; those that could only write cannot change these any more.
ALTER TABLE tokens ADD COLUMN expires_at INTEGER;
ALTER TABLE tokens ADD COLUMN last_used_at INTEGER;
UPDATE tokens SET scopes = scopes || ' lobby_settings lobby_secrets'
	WHERE scopes LIKE '%read_users_companies%' AND scopes LIKE '%write_users_companies%' AND scopes LIKE '%read_write_users%';
