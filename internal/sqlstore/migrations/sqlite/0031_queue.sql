-- Conversations by their state, and by who has them: what a team works on is read without looking at all the rest.
CREATE INDEX conversations_state ON conversations (workspace, state, updated_at, id);
CREATE INDEX conversations_admin ON conversations (workspace, admin_assignee_id, state, updated_at, id);
CREATE INDEX conversations_team ON conversations (workspace, team_assignee_id, state, updated_at, id) WHERE team_assignee_id IS NOT NULL;
