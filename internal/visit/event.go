package visit

import (
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// storeEvents stores the events of a person. An event without a time, or with one in the future, gets the present time. The
// same event in the same second is stored once, as is one with the same number in its page session. It stops before the
// first event that is not admitted.
func (run *pingRun) storeEvents(person *people.Person) error {
	key := person.ID
	if run.result.IsUnproven {
		key = run.ping.User.UserID + "\x00" + workspace.EmailKey(run.ping.User.Email)
	}
	for i, e := range run.ping.Events {
		if run.wasHandled(&e) {
			run.result.Handled++
			continue
		}
		if err := run.ping.admitEvent(i, key); err != nil {
			run.result.Limited = err
			return nil
		}
		run.result.Handled++
		refusal := e.Refusal
		if refusal == nil {
			refusal = people.CheckEventName("event_name", e.Name)
		}
		if refusal != nil {
			run.refuse(refusal)
			continue
		}
		if now := run.visits.Unix(); e.CreatedAt <= 0 || e.CreatedAt > now {
			e.CreatedAt = now
		}
		if err := run.visits.StoreEvent(run.writer, person, e.Event); err != nil {
			return err
		}
	}
	return nil
}
