package app_test

import (
	"net/url"
	"strings"
	"testing"

	"lobby/internal/app"
	"lobby/internal/config"
)

// TestNoMessageRepeatsAPassword reads and opens database URLs whose passwords are spelt in every odd way, on a port where
// nobody listens.
func TestNoMessageRepeatsAPassword(t *testing.T) {
	t.Parallel()
	const first, second = "s3cretA", "s3cretB"
	passwords := []string{first + second}
	for _, mark := range []string{"/", "?", "#", "@", ":", "%", "&", "=", "'", `"`, "`", "\\", " ", "[", "]", "\n", "é", "//", "/#?@"} {
		passwords = append(passwords, first+mark+second, "12"+mark+first, mark+first)
	}
	for _, password := range passwords {
		for _, dsn := range []string{
			"postgres://lobby:" + password + "@127.0.0.1:1/lobby",
			"postgres://lobby:" + url.PathEscape(password) + "@127.0.0.1:1/lobby?connect_timeout=2",
			"postgres://lobby:" + url.QueryEscape(password) + "@127.0.0.1:1,127.0.0.1:2/lobby",
			"postgres://127.0.0.1:1/lobby?user=lobby&password=" + url.QueryEscape(password),
			"postgres://127.0.0.1:1/lobby?user=lobby&password=" + password,
			"postgres://127.0.0.1:1/lobby?user=lobby&sslmode=require&sslpassword=" + url.QueryEscape(password),
			"postgres://lobby:" + url.QueryEscape(password) + "@127.0.0.1:port/lobby",
			"postgres://lobby:" + url.QueryEscape(password) + "@127.0.0.1:1/lobby?sslmode=nonsense",
			"postgres://lobby:" + url.QueryEscape(password) + "@127.0.0.1:1/lobby?pool_max_conns=many",
		} {
			_, _, err := config.Parse(config.Store, []string{"--database", dsn}, func(string) string { return "" })
			if err == nil {
				store, opened := app.Open(t.Context(), config.Config{Database: dsn})
				if opened == nil {
					_ = store.Close()
					t.Errorf("%s was opened", dsn)
					continue
				}
				err = opened
			}
			for _, part := range []string{first, second} {
				if strings.Contains(err.Error(), part) {
					t.Errorf("%s: %v", dsn, err)
				}
			}
		}
	}
}
