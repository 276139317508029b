package config_test

import (
	"slices"
	"testing"

	"lobby/internal/config"
)

func TestWhatHasNoEffectIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want []string
	}{
		"nothing": {nil, nil, nil},
		"what is heeded": {
			[]string{"--sqlite-readers=3"},
			map[string]string{"LOBBY_LISTEN": ":1", "LOBBY_TEST_DEEP": "1", "LOBBY_OLD": "", "HOME": "/", "XLOBBY_LISTN": ":1"},
			nil,
		},
		"a slip of the keyboard": {
			nil,
			map[string]string{"LOBBY_LISTN": "secret", "LOBBY_DATABSE": "secret", "LOBBY_ACCES_TOKEN": "secret"},
			[]string{
				"LOBBY_ACCES_TOKEN has no effect: there is no such option, did you mean LOBBY_ACCESS_TOKEN?",
				"LOBBY_DATABSE has no effect: there is no such option, did you mean LOBBY_DATABASE?",
				"LOBBY_LISTN has no effect: there is no such option, did you mean LOBBY_LISTEN?",
			},
		},
		"nothing near": {nil, map[string]string{"LOBBY_QWERTYUIOP": "x"}, []string{"LOBBY_QWERTYUIOP has no effect: there is no such option"}},
		"another database": {
			[]string{"--database=postgres://x", "--sqlite-cache=1MiB"},
			map[string]string{"LOBBY_SQLITE_READERS": "2"},
			[]string{"LOBBY_SQLITE_READERS has no effect: people are kept in PostgreSQL", "--sqlite-cache has no effect: people are kept in PostgreSQL"},
		},
		"memory": {
			[]string{"--ephemeral", "--data=x"},
			map[string]string{"LOBBY_POSTGRES_POOL": "2"},
			[]string{"--data has no effect: people are kept in memory", "LOBBY_POSTGRES_POOL has no effect: people are kept in memory"},
		},
		"a folder": {
			[]string{"--postgres-pool=3"}, nil, []string{"--postgres-pool has no effect: people are not kept in PostgreSQL"},
		},
	} {
		var environ []string
		for name, value := range c.env {
			environ = append(environ, name+"="+value)
		}
		if got := config.Unheeded(config.Serve, c.args, env(c.env).get, environ); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
