package config

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// machine is the size of what Lobby runs on, from which some defaults follow.
type machine struct {
	processors int   // that Go uses
	memory     int64 // bytes that this process may use; 0 when nobody says
	files      int   // that may be open at once; 0 when nobody says
}

// thisMachine asks Go and the operating system. Of several limits of memory the lowest counts.
func thisMachine() machine {
	m := machine{processors: runtime.GOMAXPROCS(0), files: openFiles()}
	limits := []int64{debug.SetMemoryLimit(-1)} // math.MaxInt64 when there is none
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // 0 for "max"
			limits = append(limits, n)
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		limits = append(limits, totalMemory(string(text)))
	}
	lowest := int64(math.MaxInt64)
	for _, n := range limits {
		if n > 0 {
			lowest = min(lowest, n)
		}
	}
	if lowest < math.MaxInt64 {
		m.memory = lowest
	}
	return m
}

// totalMemory reads what /proc/meminfo says; 0 when it says nothing.
func totalMemory(meminfo string) int64 {
	for line := range strings.Lines(meminfo) {
		if text, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}

// openFiles returns how many files this process may have open; 0 when nobody says. Go itself has raised the limit as far
// as it may.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > math.MaxInt32 {
		return 0
	}
	return int(limit.Cur)
}

// connections is three quarters of the files that may be open: the database and the program need the rest.
func (m machine) connections() int {
	if m.files == 0 {
		return maxConnections
	}
	return min(maxConnections, max(16, m.files/4*3))
}

const maxConnections = 16_384

func (m machine) addressConnections() int { return min(256, m.connections()/4) }

func (m machine) readers() int { return max(2, m.processors) }

func (m machine) pageRequests() int { return max(4, 2*m.processors) }

// pageCache is a quarter of the memory, shared by the readers, the writer and what tidies up behind it. More than
// 32 MiB a connection showed no gain.
func (m machine) pageCache() int64 {
	if m.memory == 0 {
		return maxPageCache
	}
	return min(maxPageCache, max(1<<20, m.memory/4/int64(m.readers()+2)))
}

const maxPageCache = 32 << 20
