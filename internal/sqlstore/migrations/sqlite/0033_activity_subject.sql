-- What an admin did in the pages has a subject: a person, a tag, a webhook.
ALTER TABLE activities ADD COLUMN subject TEXT;
