package webhook

import (
	"fmt"
	"strconv"

	"lobby/internal/workspace"
)

// Latest is the cursor behind everything that has happened so far, and Earliest the one before the oldest entry that is
// kept. Both are no numbers that are given out.
const (
	Latest   = int64(-1)
	Earliest = int64(-2)
)

// CursorError refuses a cursor before which, or after which, entries are gone. Reading may go on at Earliest.
type CursorError struct{ Earliest int64 }

func (e *CursorError) Error() string {
	return fmt.Sprintf("what came after the cursor is not kept any more; the earliest cursor is %d", e.Earliest)
}

// Entries returns at most limit entries of the outbox after a cursor, and the cursor of the next page. None is left out:
// where the next entry is gone, the page ends, and the next page is refused. [Latest] returns no entries. Errors:
// CursorError; workspace.InvalidError for a cursor that was never given out.
func Entries(r Reader, ws workspace.ID, after int64, limit int) (page []*workspace.OutboxEntry, next int64, err error) {
	last, err := r.LastSequence(ws)
	switch {
	case err != nil:
		return nil, 0, err
	case after == Latest:
		return nil, last, nil
	case after > last:
		return nil, 0, workspace.Invalid("after", "is ahead of the last cursor, which is "+strconv.FormatInt(last, 10))
	}
	if page, err = r.Outbox(ws, max(after, 0), limit); err != nil {
		return nil, 0, err
	}
	if len(page) == 0 {
		if after != last && after != Earliest {
			return nil, 0, &CursorError{last}
		}
		return nil, last, nil
	}
	if first := page[0].Sequence; first != after+1 && after != Earliest {
		return nil, 0, &CursorError{first - 1}
	}
	for i := 1; i < len(page); i++ {
		if page[i].Sequence != page[i-1].Sequence+1 {
			page = page[:i]
		}
	}
	return page, page[len(page)-1].Sequence, nil
}
