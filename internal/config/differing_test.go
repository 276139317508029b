package config_test

import (
	"slices"
	"strings"
	"testing"

	"lobby/internal/config"
)

func TestOptionsThatDifferFromTheirDefaultsAreListedWithoutSecrets(t *testing.T) {
	t.Parallel()
	const secret = "a-token-nobody-may-see"
	got := config.Differing(config.Serve, strings.Fields("--listen :1 --rate-limit 10000 --ephemeral=false --max-body=1024KiB --access-token="+secret),
		env{"LOBBY_DATABASE": "postgres://u:" + secret + "@db", "LOBBY_LOG_LEVEL": "warn", "LOBBY_LISTEN": ":2"}.get)
	if want := []string{"listen=:1", "database=(set)", "access-token=(set)", "log-level=warn"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := config.Differing(config.Serve, nil, env{}.get); len(got) != 0 {
		t.Errorf("nothing was given, but %q differs", got)
	}
}
