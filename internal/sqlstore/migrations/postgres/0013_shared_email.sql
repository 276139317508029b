-- The place of the migration that lets users share an email address, which is made elsewhere.
UPDATE chores SET name = name WHERE 1 = 0;
