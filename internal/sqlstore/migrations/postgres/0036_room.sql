-- New pages keep room for the next version of a row, so that a change of columns that no index has writes no index.
ALTER TABLE people SET (fillfactor = 90);
