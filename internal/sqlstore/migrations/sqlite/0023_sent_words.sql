-- What pages sent lately, by the id that the page gave: what comes again is written once. 0 is a conversation to come.
CREATE TABLE sent_words (
	workspace       TEXT NOT NULL,
	id              TEXT NOT NULL,
	conversation_id INTEGER NOT NULL,
	sent_at         INTEGER NOT NULL,
	PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
CREATE INDEX sent_words_sent_at ON sent_words (workspace, sent_at);
