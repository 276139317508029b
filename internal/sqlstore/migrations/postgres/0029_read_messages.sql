-- When a page showed a message to a recipient, before there was a conversation; NULL for not yet.
ALTER TABLE message_recipients ADD COLUMN read_at BIGINT;
