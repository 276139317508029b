package app_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"lobby/internal/testkit"
)

// While the disk of PostgreSQL is full, what needs room is refused and reads go on. With room, so do writes.
func TestWhatWasAcknowledgedOutlivesAFullDiskOfPostgres(t *testing.T) {
	if os.Getenv("LOBBY_TEST_DEEP") != "1" {
		t.Skip("a part of make test-deep")
	}
	t.Parallel()
	disk := testkit.PostgresOnSmallDisk(t)
	servers := serveTogether(t, 2, "--database", disk.DSN(), "--database-timeout=5s")
	const early = `{"role":"user","external_id":"early","name":"early"}`
	if status, object, err := servers[0].call(http.MethodPost, "/contacts", early); status != http.StatusOK {
		t.Fatal(status, object, err)
	}
	t.Log(outlive(t, servers, "disk full", 10_000, func() func() {
		disk.Fill(t)
		began := time.Now()
		awaitRefusal(t, servers[0])
		t.Logf("a contact was refused %v after the disk was full", time.Since(began))
		for _, s := range servers {
			if status, object, err := s.call(http.MethodGet, "/contacts/find_by_external_id/early", ""); status != http.StatusOK {
				t.Errorf("a read while the disk is full: %d %v %v", status, object, err)
			}
		}
		t.Logf("/readyz while the disk is full: %d", servers[0].status(t, "/readyz"))
		disk.Empty(t)
		return func() {}
	}))
}

// awaitRefusal waits until a new contact finds no room.
func awaitRefusal(t *testing.T, s *serving) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if status, _, _ := s.call(http.MethodPost, "/contacts", `{"role":"lead","name":"late"}`); status != http.StatusOK {
			return
		}
	}
	t.Fatal("the disk does not fill")
}
