package sqlstore

import (
	"context"

	"lobby/internal/account"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

const (
	loginTable      = "logins"
	membershipTable = "memberships"
)

// loginRecords are joined in [records]. A login belongs to each of its workspaces, and is written with each.
var loginRecords = []record{
	{
		name: "login", table: loginTable, order: "id", secret: true,
		member:  "id IN (SELECT login_id FROM memberships WHERE workspace = $1)",
		columns: []recordColumn{textOf("id").key(), textOf("email").key(), textOf("password_hash"), createdAt()},
		derived: []derivedColumn{{"email_key", "email", workspace.EmailKey}},
	},
	{name: "membership", table: membershipTable, order: "login_id", secret: true, columns: []recordColumn{
		textOf("login_id").key(), numberOf("admin_id").key(), textOf("role").key().among(string(account.Owner), string(account.Teammate), string(account.ReadOnly)),
		createdAt(),
	}},
}

// Accounts returns the store of the logins in the same database.
func (s *Store) Accounts() account.Store { return accounts{s} }

// accounts is account.Store over the same database.
type accounts struct{ *Store }

// Read implements account.Store.
func (s accounts) Read(ctx context.Context, fn func(account.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(accountTx{r.(*tx)}) })
}

// Write implements account.Store.
func (s accounts) Write(ctx context.Context, fn func(account.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(accountTx{w.(*tx)}) })
}

// accountTx is account.Reader and account.Writer on one transaction.
type accountTx struct{ *tx }

var _ account.Writer = accountTx{}

const selectLogin = `SELECT id, email, password_hash, created_at FROM logins `

func readLogin(r sqlengine.Row) (*account.Login, error) {
	return &account.Login{ID: r.Text(0), Email: r.Text(1), PasswordHash: r.Text(2), CreatedAt: r.Int(3)}, nil
}

// Login also locks the login for a writer until it ends.
func (t accountTx) Login(id string) (*account.Login, error) {
	if err := t.takeTurns(`SELECT id FROM logins WHERE id = $1`, id); err != nil {
		return nil, err
	}
	return sqlengine.One(t, selectLogin+`WHERE id = $1`, []any{id}, readLogin)
}

func (t accountTx) LoginByEmail(email string) (*account.Login, error) {
	return sqlengine.One(t, selectLogin+`WHERE email_key = $1`, []any{workspace.EmailKey(email)}, readLogin)
}

func (t accountTx) HasLogins() (bool, error) {
	n, err := sqlengine.Number(t, `SELECT count(*) FROM logins`, nil)
	return n > 0, err
}

func (t accountTx) InsertLogin(l *account.Login) error {
	return t.Exec(`INSERT INTO logins (id, email, email_key, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{l.ID, l.Email, workspace.EmailKey(l.Email), sqlengine.OrNil(l.PasswordHash), l.CreatedAt})
}

func (t accountTx) SetPasswordHash(loginID, hash string) error {
	return t.Exec(`UPDATE logins SET password_hash = $2 WHERE id = $1`, []any{loginID, hash})
}

func (t accountTx) DeleteLogin(id string) error {
	for _, sql := range []string{
		`DELETE FROM memberships WHERE login_id = $1`, `DELETE FROM login_sessions WHERE login_id = $1`,
		`DELETE FROM login_links WHERE login_id = $1`, `DELETE FROM logins WHERE id = $1`,
	} {
		if err := t.Exec(sql, []any{id}); err != nil {
			return err
		}
	}
	return nil
}

// deleteStrandedLogins deletes the logins that may enter nothing any more, with their sessions and links.
func (t *tx) deleteStrandedLogins() error {
	all, err := sqlengine.FirstColumn(t, `SELECT l.id FROM logins l LEFT JOIN memberships m ON m.login_id = l.id WHERE m.login_id IS NULL`)
	if err != nil {
		return err
	}
	for _, id := range all {
		if err := (accountTx{t}).DeleteLogin(id); err != nil {
			return err
		}
	}
	return nil
}

const selectMembership = `SELECT m.workspace, m.login_id, m.admin_id, m.role, m.created_at, w.name, a.name, l.email,
		CASE WHEN l.password_hash IS NULL THEN 0 ELSE 1 END, (SELECT count(*) FROM memberships o WHERE o.login_id = m.login_id)
	FROM memberships m JOIN logins l ON l.id = m.login_id JOIN workspaces w ON w.id = m.workspace
	JOIN admins a ON a.workspace = m.workspace AND a.id = m.admin_id AND a.deleted_at IS NULL `

func readMembership(r sqlengine.Row) (*account.Membership, error) {
	return &account.Membership{
		Workspace: workspace.ID(r.Text(0)), LoginID: r.Text(1), AdminID: r.Int(2), Role: account.Role(r.Text(3)), CreatedAt: r.Int(4),
		WorkspaceName: r.Text(5), AdminName: r.Text(6), Email: r.Text(7), HasPassword: r.Int(8) == 1, Alone: r.Int(9) == 1,
	}, nil
}

func (t accountTx) Memberships(loginID string) ([]*account.Membership, error) {
	return sqlengine.List(t, selectMembership+`WHERE m.login_id = $1 ORDER BY w.created_at, w.id`, []any{loginID}, readMembership)
}

func (t accountTx) Members(ws workspace.ID) ([]*account.Membership, error) {
	return sqlengine.List(t, selectMembership+`WHERE m.workspace = $1 ORDER BY m.created_at, m.login_id`, []any{string(ws)}, readMembership)
}

func (t accountTx) InsertMembership(m *account.Membership) error {
	return t.Exec(`INSERT INTO memberships (workspace, login_id, admin_id, role, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(m.Workspace), m.LoginID, m.AdminID, string(m.Role), m.CreatedAt})
}

func (t accountTx) SetRole(ws workspace.ID, loginID string, role account.Role) error {
	return t.Exec(`UPDATE memberships SET role = $3 WHERE workspace = $1 AND login_id = $2`, []any{string(ws), loginID, string(role)})
}

func (t accountTx) DeleteMembership(ws workspace.ID, loginID string) error {
	return t.Exec(`DELETE FROM memberships WHERE workspace = $1 AND login_id = $2`, []any{string(ws), loginID})
}

func (t accountTx) Link(hash string) (*account.Link, error) {
	return sqlengine.One(t, `SELECT hash, login_id, created_at, expires_at FROM login_links WHERE hash = $1`, []any{hash},
		func(r sqlengine.Row) (*account.Link, error) {
			return &account.Link{Hash: r.Text(0), LoginID: r.Text(1), CreatedAt: r.Int(2), ExpiresAt: r.Int(3)}, nil
		})
}

func (t accountTx) InsertLink(l *account.Link) error {
	return t.Exec(`INSERT INTO login_links (hash, login_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		[]any{l.Hash, sqlengine.OrNil(l.LoginID), l.CreatedAt, l.ExpiresAt})
}

func (t accountTx) DeleteLink(hash string) (bool, error) {
	return t.Insert(`DELETE FROM login_links WHERE hash = $1`, []any{hash})
}

const selectSession = `SELECT hash, login_id, created_at, used_at FROM login_sessions `

func readSession(r sqlengine.Row) (*account.Session, error) {
	return &account.Session{Hash: r.Text(0), LoginID: r.Text(1), CreatedAt: r.Int(2), UsedAt: r.Int(3)}, nil
}

func (t accountTx) Session(hash string) (*account.Session, error) {
	return sqlengine.One(t, selectSession+`WHERE hash = $1`, []any{hash}, readSession)
}

func (t accountTx) Sessions(loginID string) ([]*account.Session, error) {
	return sqlengine.List(t, selectSession+`WHERE login_id = $1 ORDER BY used_at DESC, hash`, []any{loginID}, readSession)
}

func (t accountTx) InsertSession(s *account.Session) error {
	return t.Exec(`INSERT INTO login_sessions (hash, login_id, created_at, used_at) VALUES ($1, $2, $3, $4)`,
		[]any{s.Hash, s.LoginID, s.CreatedAt, s.UsedAt})
}

func (t accountTx) TouchSession(hash string, at int64) error {
	return t.Exec(`UPDATE login_sessions SET used_at = $2 WHERE hash = $1 AND used_at < $2`, []any{hash, at})
}

func (t accountTx) DeleteSession(hash string) error {
	return t.Exec(`DELETE FROM login_sessions WHERE hash = $1`, []any{hash})
}

func (t accountTx) DeleteSessions(loginID, keep string) error {
	return t.Exec(`DELETE FROM login_sessions WHERE login_id = $1 AND hash <> $2`, []any{loginID, keep})
}

func (t accountTx) CountAttempt(key string, now, since int64) (count int64, err error) {
	return sqlengine.Number(t, `INSERT INTO login_attempts (key, count, begun_at) VALUES ($1, 1, $2)
		ON CONFLICT (key) DO UPDATE SET
			count = CASE WHEN login_attempts.begun_at < $3 THEN 1 ELSE login_attempts.count + 1 END,
			begun_at = CASE WHEN login_attempts.begun_at < $3 THEN $2 ELSE login_attempts.begun_at END
		RETURNING count`, []any{key, now, since})
}

func (t accountTx) DeleteAttempts(key string) error {
	return t.Exec(`DELETE FROM login_attempts WHERE key = $1`, []any{key})
}

func (t accountTx) DeleteEnded(begun, used, expired, attempted int64) error {
	for _, d := range []struct {
		sql  string
		args []any
	}{
		{`DELETE FROM login_sessions WHERE created_at <= $1 OR used_at <= $2`, []any{begun, used}},
		{`DELETE FROM login_links WHERE expires_at <= $1`, []any{expired}},
		{`DELETE FROM login_attempts WHERE begun_at < $1`, []any{attempted}},
	} {
		if err := t.Exec(d.sql, d.args); err != nil {
			return err
		}
	}
	return t.deleteStrandedLogins()
}
