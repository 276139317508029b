-- Who wrote the fields of a person, and when, as internal/provenance writes it. NULL: nobody knows.
ALTER TABLE people ADD COLUMN origins TEXT;
