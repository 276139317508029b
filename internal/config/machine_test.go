package config

import "testing"

func TestDefaultsFollowTheMachine(t *testing.T) {
	t.Parallel()
	for m, want := range map[machine]struct {
		readers, pages int
		cache          int64
	}{
		{processors: 1, memory: 0}:         {2, 4, 32 << 20}, // nobody says how much memory there is
		{processors: 2, memory: 8 << 30}:   {2, 4, 32 << 20},
		{processors: 2, memory: 256 << 20}: {2, 4, 16 << 20},
		{processors: 64, memory: 66 << 20}: {64, 128, 1 << 20}, // never less
	} {
		if m.readers() != want.readers || m.pageRequests() != want.pages || m.pageCache() != want.cache {
			t.Errorf("%+v: %d, %d, %d, want %+v", m, m.readers(), m.pageRequests(), m.pageCache(), want)
		}
	}
	for files, want := range map[int][2]int{0: {16_384, 256}, 256: {192, 48}, 1024: {768, 192}, 1 << 20: {16_384, 256}, 10: {16, 4}} {
		m := machine{files: files}
		if got := [2]int{m.connections(), m.addressConnections()}; got != want {
			t.Errorf("%d files: %v connections, want %v", files, got, want)
		}
	}
	if m := thisMachine(); m.processors < 1 || m.memory < 0 || m.files < 1 {
		t.Errorf("this one: %+v", m)
	}
}

func TestTheMemoryOfAMachineIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"MemTotal:       16316412 kB\nMemFree:  1 kB\n": 16316412 << 10,
		"MemFree:  1 kB\n":     0,
		"MemTotal: nonsense\n": 0,
		"":                     0,
	} {
		if got := totalMemory(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
