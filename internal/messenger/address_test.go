package messenger

import (
	"net/netip"
	"testing"
	"time"

	"lobby/internal/cache"
	"lobby/internal/tally"
)

func TestAKeyIsAHouseholdsAndOneDaysOnly(t *testing.T) {
	t.Parallel()
	a := anonymizer{board: new(tally.Board)}
	day := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	key := func(addr string, at time.Time) cache.Digest { return a.key(netip.MustParseAddr(addr), at) }
	first := key("203.0.113.9", day)
	if key("203.0.113.9", day.Add(11*time.Hour)) != first {
		t.Error("the same address has another key on the same day")
	}
	if key("203.0.113.8", day) == first {
		t.Error("two addresses have one key")
	}
	if key("2001:db8::1", day) != key("2001:db8::ffff:1", day) || key("2001:db8::1", day) == key("2001:db8:0:1::1", day) {
		t.Error("the key of an IPv6 address is not that of its network")
	}
	if key("203.0.113.9", day.Add(13*time.Hour)) == first {
		t.Error("the same address has the same key on the next day")
	}
	if nowhere := a.key(netip.Addr{}, day); nowhere != a.key(netip.Addr{}, day) {
		t.Error("what has no address has several keys")
	}
}

func TestABucketIsFilledAtItsRate(t *testing.T) {
	t.Parallel()
	b := newLimiters[string](10)
	two := limit{2, 3}
	at := time.Unix(1_700_000_000, 0)
	for i := range 3 {
		if wait := b.take("ada", two, at); wait != 0 {
			t.Errorf("token %d takes %v", i+1, wait)
		}
	}
	for range 5 { // who asks too often does not wait the longer for it
		if wait := b.take("ada", two, at); wait != 500*time.Millisecond {
			t.Errorf("one too many waits %v", wait)
		}
	}
	if wait := b.take("bob", two, at); wait != 0 {
		t.Errorf("somebody else waits %v", wait)
	}
	if wait := b.take("ada", two, at.Add(500*time.Millisecond)); wait != 0 {
		t.Errorf("after its time it still waits %v", wait)
	}
}

func TestBucketsRememberWhoComesAmongACrowd(t *testing.T) {
	t.Parallel()
	b := newLimiters[int](200)
	slow := limit{0.001, 1}
	at := time.Unix(1_700_000_000, 0)
	b.take(-1, slow, at)
	for i := range 100_000 {
		b.take(i, slow, at)
		if i%50 == 0 && b.take(-1, slow, at) == 0 {
			t.Fatalf("after %d others the bucket is full again", i)
		}
	}
	if n := b.buckets.Len(); n > 200 {
		t.Errorf("%d keys are remembered", n)
	}
}
