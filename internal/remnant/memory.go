package remnant

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"
)

// Memory searches the memory of this process, after a collection of its garbage: all areas that may be read and are no
// files. It returns fs.ErrNotExist where the system does not show a process its memory as Linux does.
func (n *Needles) Memory() (s Searched, err error) {
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		return s, err
	}
	defer memory.Close() //nolint:errcheck // nothing was written
	runtime.GC()
	debug.FreeOSMemory()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return s, err
	}
	// What was read last stands in the buffer, which is therefore apart from the rest, and left out.
	buf, err := syscall.Mmap(-1, 0, chunk+n.longest, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return s, err
	}
	defer syscall.Munmap(buf) //nolint:errcheck // the process ends soon
	own := int64(uintptr(unsafe.Pointer(unsafe.SliceData(buf))))
	t := newTally("memory")
	lines := bufio.NewScanner(strings.NewReader(string(maps)))
	for lines.Scan() {
		begin, end, is := readableArea(lines.Text())
		if !is || begin <= own && own < end {
			continue
		}
		s.Places++
		s.Bytes += end - begin
		// An area that was given back meanwhile cannot be read, and has nothing.
		_ = n.search(io.NewSectionReader(memory, begin, end-begin), buf, t.found)
	}
	s.add(t)
	return s, nil
}

// readableArea reads a line of /proc/PID/maps.
func readableArea(line string) (begin, end int64, is bool) {
	var rights, offset, device, name string
	var inode uint64
	n, _ := fmt.Sscanf(line, "%x-%x %s %s %s %d %s", &begin, &end, &rights, &offset, &device, &inode, &name)
	return begin, end, n >= 6 && strings.HasPrefix(rights, "r") && inode == 0 && !strings.HasPrefix(name, "[v") && end > begin
}
