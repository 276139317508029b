package sqlengine

import "encoding/binary"

// The parts of a page of a database file that are used here; see https://www.sqlite.org/fileformat2.html.
const (
	firstTrunkAt   = 32 // where the file header has the first page of the list of free pages
	freeblockHead  = 4  // bytes of a freeblock that say where the next one is and how long it is
	trunkHeader    = 8  // bytes of a page of the list of free pages before the list
	leafHeader     = 8
	interiorHeader = 12
)

// clearUnused overwrites what stands in the unused parts of a page of a tree, and reports whether there was anything. SQLite
// leaves there what it moved to another page, also with secure_delete. Pages of other kinds stay as they are.
func clearUnused(page []byte, number int64) bool {
	start := 0
	if number == 1 {
		start = fileHeaderSize
	}
	header := headerLength(page[start])
	if header == 0 {
		return false
	}
	word := func(at int) int { return int(binary.BigEndian.Uint16(page[at:])) }
	cellsEnd, content := start+header+2*word(start+3), word(start+5)
	if content == 0 {
		content = 1 << 16
	}
	if cellsEnd > content || content > len(page) {
		return false // no page of a tree after all
	}
	found := clearBytes(page[cellsEnd:content])
	for block, before := word(start+1), 0; block > before && block+freeblockHead <= len(page); before, block = block, word(block) {
		end := block + word(block+2)
		if block < content || end < block+freeblockHead || end > len(page) {
			return found
		}
		found = clearBytes(page[block+freeblockHead:end]) || found
	}
	return found
}

// headerLength returns the length of the header of a page of a tree, by the first byte of the page; 0 for other pages. These
// begin with the number of another page, whose first byte is 0 in files up to 128 GB.
func headerLength(kind byte) int {
	switch kind {
	case 2, 5:
		return interiorHeader
	case 10, 13:
		return leafHeader
	}
	return 0
}

// clearBytes sets all bytes to zero, and reports whether any was not.
func clearBytes(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			clear(b)
			return true
		}
	}
	return false
}

// clearTrunk is clearUnused for a page of the list of free pages. It returns the numbers on it, and the number of the next
// such page, 0 for none.
func clearTrunk(trunk []byte) (free []int64, next int64, found bool) {
	count := min(int(binary.BigEndian.Uint32(trunk[4:])), (len(trunk)-trunkHeader)/4)
	for i := range count {
		free = append(free, int64(binary.BigEndian.Uint32(trunk[trunkHeader+4*i:])))
	}
	return free, int64(binary.BigEndian.Uint32(trunk)), clearBytes(trunk[trunkHeader+4*count:])
}
