package cache_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"lobby/internal/cache"
)

// loads returns a function that counts how often it is called for a value.
func loads(n *int) func() (int, error) {
	return func() (int, error) { *n++; return *n, nil }
}

func TestAValueIsLoadedOnceUntilItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[string, int](time.Minute, 10)
		n := 0
		for range 3 {
			if v, err := c.Get("a", loads(&n)); v != 1 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		}
		time.Sleep(time.Minute)
		if v, _ := c.Get("a", loads(&n)); v != 2 {
			t.Errorf("after a minute the value is %d", v)
		}
		c.Clear()
		if v, _ := c.Get("a", loads(&n)); v != 3 {
			t.Errorf("after Clear the value is %d", v)
		}
	})
}

func TestAnErrorIsNotKept(t *testing.T) {
	t.Parallel()
	c := cache.New[string, int](time.Minute, 10)
	failed := errors.New("failed")
	if _, err := c.Get("a", func() (int, error) { return 0, failed }); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	n := 0
	if v, err := c.Get("a", loads(&n)); v != 1 || err != nil {
		t.Errorf("got %d, %v", v, err)
	}
}

func TestStrangeKeysDoNotPushOutThoseInUse(t *testing.T) {
	t.Parallel()
	const size = 1024
	c := cache.New[int, int](time.Hour, size)
	n := 0
	for key := range 100 {
		for range 2 {
			_, _ = c.Get(-1-key, loads(&n))
		}
	}
	strange := 0
	for key := range 10 * size {
		_, _ = c.Get(key, loads(&strange))
	}
	for key := range 100 {
		_, _ = c.Get(-1-key, loads(&n))
	}
	if n != 100 {
		t.Errorf("100 keys in use were loaded %d times", n)
	}
}

func TestForgetCountsForLoadsUnderWay(t *testing.T) {
	t.Parallel()
	c := cache.New[string, int](time.Hour, 10)
	value := 1
	get := func(during func()) int {
		got, _ := c.Get("key", func() (int, error) {
			loaded := value
			during()
			return loaded, nil
		})
		return got
	}
	get(func() {
		value = 2
		c.Forget("key")
	})
	if got := get(func() {}); got != 2 {
		t.Errorf("what was loaded before is returned: %d", got)
	}
	value = 3
	c.Forget("key")
	if got := get(func() {}); got != 3 {
		t.Errorf("what was forgotten is returned: %d", got)
	}
}
