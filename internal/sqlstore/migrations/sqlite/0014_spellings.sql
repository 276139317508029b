-- Phone numbers, email addresses and the keys of searches are compared in forms that were others before. No tables change.
INSERT INTO chores (name) VALUES ('phones'), ('email_keys'), ('search_keys') ON CONFLICT (name) DO NOTHING;
