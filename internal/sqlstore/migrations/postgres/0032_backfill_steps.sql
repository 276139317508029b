-- What is left to be done is done in steps. The position is where the next one begins; done is the number of rows so far.
ALTER TABLE chores ADD COLUMN position TEXT, ADD COLUMN done BIGINT;
