package main

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// plainPostgres has as many connections as the server. Each keeps its statements prepared and commits every write by
// itself.
type plainPostgres struct{ pool *pgxpool.Pool }

func openPlainPostgres(address string) (plainPostgres, error) {
	pool, err := pgxpool.New(context.Background(), address)
	return plainPostgres{pool}, err
}

func (p plainPostgres) read(sql string, args ...any) (int, error) {
	rows, err := p.pool.Query(context.Background(), sql, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		for _, value := range rows.RawValues() {
			_ = string(value)
		}
	}
	return n, rows.Err()
}

func (p plainPostgres) write(sql string, args ...any) error {
	_, err := p.pool.Exec(context.Background(), sql, args...)
	return err
}

func (p plainPostgres) close() error {
	p.pool.Close()
	return nil
}
