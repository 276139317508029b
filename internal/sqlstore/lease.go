package sqlstore

func (t *tx) TakeLease(name, holder string, now, until int64) (bool, error) {
	return t.Insert(`INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
		WHERE leases.holder = excluded.holder OR leases.expires_at <= $4`,
		[]any{name, holder, until, now})
}
