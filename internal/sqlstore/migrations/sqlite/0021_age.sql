-- Lists and searches go by the time of creation and then by id, since the ids of imported records do not tell their age.
CREATE INDEX people_age ON people (workspace, created_at, id);
CREATE INDEX companies_age ON companies (workspace, created_at, id) WHERE user_count > 0;
DROP INDEX companies_peopled;
CREATE INDEX companies_peopled ON companies (workspace, last_request_at, created_at, id) WHERE user_count > 0;
