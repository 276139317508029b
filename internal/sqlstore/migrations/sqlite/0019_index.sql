-- Searches are answered from an index in memory, which is made of the rows of people.
DROP TABLE search_keys;
