-- Messages of admins. One makes a conversation when a contact replies, or at once; until then its recipients are all there is.
-- The type is that of an email, and NULL for a message in the product.
ALTER TABLE messages ADD COLUMN message_type TEXT;
ALTER TABLE messages ADD COLUMN template TEXT;

CREATE TABLE message_recipients (
	workspace       TEXT NOT NULL,
	message_id      BIGINT NOT NULL,
	person_id       TEXT NOT NULL,
	field           TEXT NOT NULL, -- to, cc or bcc
	conversation_id BIGINT, -- NULL before a reply
	created_at      BIGINT NOT NULL,
	PRIMARY KEY (workspace, message_id, person_id)
);
CREATE INDEX message_recipients_person ON message_recipients (workspace, person_id, message_id);
CREATE INDEX message_recipients_conversation ON message_recipients (workspace, conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX conversations_message ON conversations (workspace, message_id);
