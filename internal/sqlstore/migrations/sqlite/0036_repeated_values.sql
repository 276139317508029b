-- Marks who has an address or a number that somebody else had first. Of the records with one, at most one is not marked.
ALTER TABLE people ADD COLUMN email_again INTEGER;
ALTER TABLE people ADD COLUMN phone_again INTEGER;
