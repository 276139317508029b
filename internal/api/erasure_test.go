package api_test

import (
	"net/http"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
)

// While somebody reads the log, the answer to a deletion is 202, and says so.
func TestADeletionSaysWhatIsOwed(t *testing.T) {
	t.Parallel()
	i := testkit.Start(t, testkit.OnFile())
	for _, delete := range []struct{ make, body, path string }{
		{"/contacts", `{"role":"lead","name":"Leo"}`, "/contacts/"},
		{"/lobby/v1/visitors", `{"name":"Vic"}`, "/visitors/"},
		{"/companies", `{"company_id":"acme","name":"Acme"}`, "/companies/"},
	} {
		t.Run(delete.path, func(t *testing.T) {
			path := delete.path + i.Do(t, "POST", delete.make, delete.body).Get("id").(string)
			err := i.Store.Read(t.Context(), func(r people.Reader) error {
				for _, id := range []string{"nobody", "no one"} { // a read of one question holds nothing
					if _, err := r.Person(i.Workspace, id); err != nil {
						return err
					}
				}
				answer := i.Do(t, "DELETE", path, nil)
				if answer.Status != http.StatusAccepted || answer.Header.Get("Lobby-Erasure") == "" {
					t.Errorf("%d %q while another reads", answer.Status, answer.Header.Get("Lobby-Erasure"))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if !i.Store.Purge(t.Context(), time.Minute) {
				t.Error("the purge is still owed after the read")
			}
		})
	}
}
