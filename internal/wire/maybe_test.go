package wire

import (
	"testing"

	"lobby/internal/jsonio"
	"lobby/internal/people"
)

func TestAnUnknownBooleanIsNull(t *testing.T) {
	t.Parallel()
	o := jsonio.Begin(nil)
	writeMaybe(&o, "do_not_track", people.Unknown)
	writeMaybe(&o, "yes", people.Yes)
	writeMaybe(&o, "no", people.No)
	if got, want := string(o.End()), `{"do_not_track":null,"yes":true,"no":false}`; got != want {
		t.Errorf("the object is %s, want %s", got, want)
	}
}
